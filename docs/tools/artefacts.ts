import type { ApiDescription } from '@orderly/lambda/api-description';
import { stringify } from 'yaml';
import { apiDescription as inventory } from '../../services/inventory/src/api-description.ts';
import { apiDescription as notifications } from '../../services/notifications/src/api-description.ts';
import { apiDescription as orders } from '../../services/orders/src/api-description.ts';
import { openApiOf } from './openapi.ts';

/** A file that is made from the code, never by hand. */
export interface Artefact {
  /** From the root of the repository. */
  readonly path: string;
  readonly content: string;
}

const apis: Readonly<Record<string, ApiDescription>> = { inventory, notifications, orders };

/** Everything that `npm run contracts:build` writes. */
export const artefacts: readonly Artefact[] = Object.entries(apis).map(([service, api]) => ({
  path: `docs/openapi/${service}.yaml`,
  content: yamlOf(openApiOf(api), `services/${service}/src/api-description.ts`),
}));

function yamlOf(document: object, source: string): string {
  // What JSON does not hold, such as fields that are undefined, YAML is not to hold either.
  const plain: unknown = JSON.parse(JSON.stringify(document));
  // Readers of YAML 1.1 would take a timestamp without quotes for a date.
  const text = stringify(plain, { lineWidth: 110, aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  return `# Generated from ${source} by \`npm run contracts:build\`; do not edit.\n${text}`;
}

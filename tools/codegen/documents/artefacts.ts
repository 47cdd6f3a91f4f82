import { stringify } from 'yaml';
import { version } from '../../../shared/contracts/package.json';
import { type Artefact, contractArtefacts, artefactFolders as contractFolders } from '../contracts/build.ts';
import { asyncApiOf } from './asyncapi.ts';
import { catalogueOf } from './catalogue.ts';
import { clientSourceOf } from './client-source.ts';
import { openApiOf } from './openapi.ts';
import { readApis, readEvents, readQueueSettings, readRoutes, readServices } from './platform.ts';

/** The folders of generated files only, and the generated files elsewhere. */
export const artefactFolders: readonly string[] = [
  ...contractFolders,
  'docs/reference',
  'shared/client/src/apis.ts',
];

/** All files of `npm run contracts:build`; the same source gives the same bytes. */
export function artefacts(): readonly Artefact[] {
  const services = readServices();
  const events = readEvents(services);
  const asyncApi = asyncApiOf(services, events, { queue: readQueueSettings(), version });
  const documents = Object.fromEntries(
    [...readApis()].map(([service, api]) => [service, openApiOf(api, readRoutes(service))]),
  );
  const definitions = 'shared/contracts/src and services/*/serverless.yml';
  return [
    ...contractArtefacts(),
    ...Object.entries(documents).map(([service, document]) => ({
      path: `docs/reference/openapi/${service}.yaml`,
      content: yamlOf(document, `services/${service}: src/api/description.ts and serverless.yml`),
    })),
    {
      path: 'shared/client/src/apis.ts',
      content: `// ${notice('docs/reference/openapi')}\n\n${clientSourceOf(documents)}`,
    },
    { path: 'docs/reference/asyncapi.yaml', content: yamlOf(asyncApi, definitions) },
    {
      path: 'docs/reference/events.md',
      content: `<!-- ${notice(definitions)} -->\n\n${catalogueOf(services, events)}`,
    },
  ];
}

const notice = (source: string): string =>
  `Generated from ${source} by \`npm run contracts:build\`; do not edit.`;

function yamlOf(document: object, source: string): string {
  // Drops what JSON does not have, such as undefined fields.
  const plain: unknown = JSON.parse(JSON.stringify(document));
  // YAML 1.1 reads a timestamp without quotes as a date.
  const text = stringify(plain, { lineWidth: 110, aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  return `# ${notice(source)}\n${text}`;
}

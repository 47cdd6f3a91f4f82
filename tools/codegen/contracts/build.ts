import { eventDefinitions } from '../../../shared/contracts/src/index.ts';
import { shownContracts } from './contract.ts';
import { exactChecksOf } from './exact-checks.ts';

/** A generated file, with its path in the repository. */
export interface Artefact {
  readonly path: string;
  readonly content: string;
}

/** The folders of generated files only, and a generated file elsewhere. */
export const artefactFolders = [
  'shared/contracts/schemas',
  'shared/contracts/examples',
  'shared/contracts/src/exact-checks.ts',
] as const;

/** JSON as it is committed: two spaces, a newline at the end. */
export const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** The JSON Schema and an example of every event, and their checks. The same source gives the same bytes. */
export function contractArtefacts(): readonly Artefact[] {
  const [schemas, examples, checks] = artefactFolders;
  const notice = '// Generated from the events beside it by `npm run contracts:build`; do not edit.';
  const documents = shownContracts().flatMap(({ type, schema, example }) => [
    { path: `${schemas}/${type}.json`, content: json(schema) },
    { path: `${examples}/${type}.json`, content: json(example) },
  ]);
  return [...documents, { path: checks, content: `${notice}\n${exactChecksOf(eventDefinitions)}` }];
}

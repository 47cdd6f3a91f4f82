import { shownContracts } from './contract.ts';

/** A generated file, with its path in the repository. */
export interface Artefact {
  readonly path: string;
  readonly content: string;
}

/** The folders of generated files only. */
export const artefactFolders = ['shared/contracts/schemas', 'shared/contracts/examples'] as const;

/** JSON as it is committed: two spaces, a newline at the end. */
export const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** The JSON Schema and an example of every event. The same source gives the same bytes. */
export function contractArtefacts(): readonly Artefact[] {
  const [schemas, examples] = artefactFolders;
  return shownContracts().flatMap(({ type, schema, example }) => [
    { path: `${schemas}/${type}.json`, content: json(schema) },
    { path: `${examples}/${type}.json`, content: json(example) },
  ]);
}

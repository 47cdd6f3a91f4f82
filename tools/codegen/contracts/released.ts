import { isDeepStrictEqual } from 'node:util';
import { type Artefact, json } from './build.ts';
import { withoutAnnotations } from './compatibility.ts';
import type { ShownContract } from './contract.ts';
import { readFiles } from './files.ts';

/** A contract that readers rely on. It is never edited. */
export interface Release extends ShownContract {
  /** Counts from 1 within a type: later revisions add fields that older readers ignore. */
  readonly revision: number;
}

export const releasedFolder = 'shared/contracts/released';

const files = ['schema', 'example'] as const;

/**
 * Reads `released/<topic>/<type>/<revision>/{schema,example}.json`. Topic and type are in the path, so there is no list
 * to edit.
 *
 * @throws TypeError when a file lies where none belongs, or one of a pair is missing
 */
export function readReleases(root: string): readonly Release[] {
  const found = new Map(readFiles(root, [releasedFolder]).map(({ path, content }) => [path, content]));
  const folders = new Set([...found.keys()].map((path) => path.slice(0, path.lastIndexOf('/'))));
  const releases = [...folders].map((folder) => {
    const [, topic, type, revision] = folderPattern.exec(folder.slice(releasedFolder.length)) ?? [];
    const [schema, example] = files.map((name) => found.get(`${folder}/${name}.json`));
    if (!topic || !type || !revision || schema === undefined || example === undefined) {
      throw new TypeError(`${folder} is not the folder of a released revision`);
    }
    return {
      topic,
      type,
      revision: Number(revision),
      schema: JSON.parse(schema),
      example: JSON.parse(example),
    };
  });
  if (found.size !== releases.length * files.length) {
    throw new TypeError(`${releasedFolder} holds files that belong to no revision`);
  }
  return releases.sort((a, b) => a.type.localeCompare(b.type) || a.revision - b.revision);
}

const folderPattern = /^\/([a-z-]+)\/(orderly\.[a-z.-]+\.v\d+)\/([1-9]\d*)$/;

/**
 * The files that a release of the working contracts adds: the first revision of a new type, and a further one where
 * the newest differs in what it checks. A changed description is no reason for a revision.
 */
export function newReleases(
  releases: readonly Release[],
  working: readonly ShownContract[],
): readonly Artefact[] {
  return working.flatMap(({ topic, type, schema, example }) => {
    const newest = releases.filter((release) => release.type === type).at(-1);
    const same = (last: Release) =>
      isDeepStrictEqual(withoutAnnotations(last.schema), withoutAnnotations(schema));
    if (newest !== undefined && same(newest)) return [];
    const folder = `${releasedFolder}/${topic}/${type}/${(newest?.revision ?? 0) + 1}`;
    return [
      { path: `${folder}/schema.json`, content: json(schema) },
      { path: `${folder}/example.json`, content: json(example) },
    ];
  });
}

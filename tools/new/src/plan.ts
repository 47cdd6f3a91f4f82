import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageFailure } from './failure.ts';

/** A file with its path from the root of the project, with forward slashes. */
export interface PlannedFile {
  readonly path: string;
  readonly content: string;
}

/** All that a generator is going to do. Making a plan writes nothing. */
export interface Plan {
  /** The folder that the paths begin at. */
  readonly root: string;
  /** New files. */
  readonly creates: readonly PlannedFile[];
  /** Files of the repository with their new content. */
  readonly changes: readonly PlannedFile[];
  /** New packages of the repository, by the names of their links in `node_modules`. */
  readonly links: Readonly<Record<string, string>>;
  /** What is made from the sources afterwards. */
  readonly generates: { readonly documents: boolean; readonly release: boolean };
  /** What to do next, a line each. */
  readonly next: readonly string[];
}

export const noPlan = {
  creates: [],
  changes: [],
  links: {},
  generates: { documents: false, release: false },
  next: [],
} as const;

/** @throws UsageFailure that names the first file or folder in the way */
export function checkFree({ root, creates }: Plan): void {
  const there = creates.find(({ path }) => existsSync(join(root, path)));
  if (there !== undefined) throw new UsageFailure(`${there.path} exists already`);
}

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseJson } from '@orderly/contracts';
import { repositoryRoot } from '@orderly/local/ports';
import { UsageFailure } from '../failure.ts';
import { type ReplayRun, runSchema } from './replay-run.ts';

const folder = join(repositoryRoot, '.orderly/replays');

/** Where a run keeps how far it has come, so that it can go on when it is cut off. */
export const runFile = ({ id }: Pick<ReplayRun, 'id'>): string => join(folder, `${id}.json`);

export function saveRun(run: ReplayRun): void {
  mkdirSync(folder, { recursive: true });
  const file = runFile(run);
  // A process may be killed while it writes.
  writeFileSync(`${file}.new`, `${JSON.stringify(run, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

export function removeRun(run: ReplayRun): void {
  rmSync(runFile(run), { force: true });
}

/** @throws UsageFailure for what is no file of a run */
export function readRun(file: string): ReplayRun {
  const json = parseJson(readText(file));
  const run = json.outcome === 'valid' ? parse(runSchema, json.value) : json;
  if (run.outcome === 'valid') return run.value;
  throw new UsageFailure(`${file} is not what a replay has saved.`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageFailure(
      `--resume takes the file that a replay has named at its beginning; ${file} cannot be read. A replay that is done has none.`,
    );
  }
}

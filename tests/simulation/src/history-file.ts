import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot } from '@orderly/local/ports';
import type { Line } from './world/history.ts';

const CHUNK = 1 << 20;

/** What simulations leave behind. */
export const RESULTS = join(repositoryRoot, '.orderly', 'simulation');

/** Where the history of a seed goes, if nothing else is said. */
export const historyPath = (seed: number): string => join(RESULTS, `seed-${seed}.history`);

/** A history as lines of text: microseconds of virtual time, step, kind, and what has happened, with tabs between. */
export class HistoryFile {
  readonly #file: number;
  #text = '';

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, 'w');
  }

  add({ at, step, kind, text }: Line): void {
    this.#text += `${at}\t${step}\t${kind}\t${text.replaceAll('\n', ' ')}\n`;
    if (this.#text.length > CHUNK) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#text);
    this.#text = '';
  }
}

function lineOf(text: string): Line {
  const [at, step, kind = '', ...rest] = text.split('\t');
  return { at: Number(at), step: Number(step), kind: kind as Line['kind'], text: rest.join('\t') };
}

/** Reads a history line by line: it may be larger than memory. */
export async function* readHistory(path: string): AsyncGenerator<Line> {
  for await (const text of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  }))
    yield lineOf(text);
}

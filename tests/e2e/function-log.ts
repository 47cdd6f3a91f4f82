import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** All that the platform under test prints, the log of its functions included. */
export const logFile = resolve(__dirname, '../../.orderly/e2e.log');

/** A line that a function has logged; docs/observing.md has its keys. */
export type LogLine = Readonly<Record<string, unknown>>;

/** What the functions have logged so far. */
export function functionLog(): readonly LogLine[] {
  return readLines().flatMap((line) => {
    const [json] = /\{"level":.*\}$/.exec(line) ?? [];
    return json === undefined ? [] : [JSON.parse(json)];
  });
}

/** What no line may hold: an e-mail address, as it is or as a URL spells it. */
export function linesWithAddresses(lines = readLines()): readonly string[] {
  return lines.filter((line) => /[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+/.test(line));
}

function readLines(): readonly string[] {
  return readFileSync(logFile, 'utf8').split('\n');
}

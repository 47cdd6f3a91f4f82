import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve, sep } from 'node:path';
import { pathFrom } from './paths.ts';
import { repositoryRoot } from './services.ts';

/** `at name (/file.js:1:2)` or `at /file.js:1:2`, on Windows `C:\file.js`. */
const FRAME = /^(\s+at (?:async )?)(?:(.*) )?\(?((?:[A-Z]:)?[\\/][^():]+\.js):(\d+):(\d+)\)?$/i;
/** A map is some hundred kilobytes. */
const KEPT_MAPS = 5;

const maps = new Map<string, SourceMap | undefined>();

const readMap = (file: string): SourceMap | undefined => {
  if (maps.has(file)) return maps.get(file);
  if (maps.size >= KEPT_MAPS) maps.clear();
  let map: SourceMap | undefined;
  try {
    map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  } catch {
    // A file that was not bundled here has none.
  }
  maps.set(file, map);
  return map;
};

const readableFrame = (line: string): string => {
  const [, at = '', , file, row, column] = FRAME.exec(line) ?? [];
  if (file === undefined) return line;
  // A stack counts from one, a map from zero.
  const entry = readMap(file)?.findEntry(Number(row) - 1, Number(column) - 1);
  if (entry === undefined || !('originalSource' in entry)) return line.replace(`${repositoryRoot}${sep}`, '');
  const source = pathFrom(repositoryRoot, resolve(dirname(file), entry.originalSource));
  const place = `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  // The names in a bundle are made up; a map knows the true one of most calls (missing in Node's types).
  const { name }: { readonly name?: string } = entry as object;
  return name ? `${at}${name} (${place})` : `${at}${place}`;
};

/**
 * A stack of a function as its author reads it: files and lines of the repository instead of the bundle's. Frames without
 * a source map stay as they are.
 */
export const readableStack = (stack: string): string => stack.split('\n').map(readableFrame).join('\n');

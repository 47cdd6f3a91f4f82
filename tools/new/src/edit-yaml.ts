import { isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { Failure } from './failure.ts';

/** Adds to YAML files without a change of what is there, comments and spaces included. */

/** The value of a property with its place. @throws Failure when the file has no such map */
function mapAt(path: string, text: string, ...keys: readonly (string | number)[]): YAMLMap {
  const document = parseDocument(text, { logLevel: 'silent' });
  const found: unknown = keys.length === 0 ? document.contents : document.getIn(keys);
  if (isMap(found) && found.items.length > 0) return found;
  throw new Failure(`${path} has no map ${keys.join('.')}, to which the generator would add`);
}

/** Where the line of the last of the map's values ends, comments behind it excluded. */
function endOf(text: string, map: YAMLMap): number {
  const last = map.items.at(-1) as Pair<{ range: readonly number[] }, { range: readonly number[] } | null>;
  const at = last.value?.range[1] ?? last.key.range[1] ?? text.length;
  const trimmed = text.slice(0, at).trimEnd().length;
  const newline = text.indexOf('\n', trimmed);
  return newline === -1 ? text.length : newline;
}

const columnOf = (text: string, at: number): number => at - (text.lastIndexOf('\n', at - 1) + 1);

/**
 * Adds a property behind the last one of a map in block style.
 *
 * @param path of the file, for messages
 * @param keys where the map is in the document
 * @param property its YAML as if the map began in the first column
 */
export function addToMap(
  path: string,
  text: string,
  keys: readonly (string | number)[],
  property: string,
): string {
  const map = mapAt(path, text, ...keys);
  const [first] = map.items as Pair<{ range: readonly number[] }>[];
  const indent = ' '.repeat(columnOf(text, first?.key.range[0] ?? 0));
  const lines = property.trimEnd().split('\n');
  const block = lines.map((line) => (line === '' ? '' : indent + line)).join('\n');
  const at = endOf(text, map);
  const whole = `${text.slice(0, at)}\n${block}${text.slice(at)}`;
  return whole.endsWith('\n') ? whole : `${whole}\n`;
}

/**
 * Adds an element behind the last one of a list of fragments in block style, each in one line.
 *
 * @param element its YAML as if it began in the first column
 */
export function addToList(path: string, text: string, key: string, element: string): string {
  const list: unknown = parseDocument(text, { logLevel: 'silent' }).get(key);
  const last: unknown = isSeq(list) ? list.items.at(-1) : undefined;
  if (!isScalar(last) || last.range == null) {
    throw new Failure(`${path} has no list ${key}, to which the generator would add`);
  }
  const [start, end] = last.range;
  const indent = ' '.repeat(columnOf(text, start) - 2);
  const [first = '', ...rest] = element.trimEnd().split('\n');
  const lines = [`${indent}- ${first}`, ...rest.map((line) => `${indent}  ${line}`)];
  const newline = text.indexOf('\n', end - 1);
  const at = newline === -1 ? text.length : newline;
  return `${text.slice(0, at)}\n${lines.join('\n')}${text.slice(at)}`;
}

/** The places of the maps in a list: the functions of a serverless.yml are a list of fragments and maps. */
export function mapsIn(text: string, key: string): readonly number[] {
  const list: unknown = parseDocument(text, { logLevel: 'silent' }).get(key);
  if (!isSeq(list)) return [];
  return list.items.flatMap((item, index) => (isMap(item) ? [index] : []));
}

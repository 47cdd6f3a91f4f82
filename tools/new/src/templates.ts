import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { PlannedFile } from './plan.ts';

/** The values of a template's placeholders, by name: `__thing__` is replaced by `thing`. A list repeats its lines. */
export type Values = Readonly<Record<string, string | readonly string[]>>;

const folder = join(__dirname, '../templates');
const placeholder = /__([A-Za-z]+?)__/g;

/**
 * The files of a template with their placeholders filled in, names included. A line with a placeholder whose value is a
 * list stands once for each element.
 *
 * @param name a folder of `templates`
 * @param to where they go, as a path from the root of the project; `''` for the root itself
 * @throws Error for a placeholder without a value
 */
export function render(name: string, to: string, values: Values): readonly PlannedFile[] {
  const root = join(folder, name);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      path: [to, fill(relative(root, file).split(sep).join('/'), values)].filter(Boolean).join('/'),
      content: fill(readFileSync(file, 'utf8'), values),
    }));
}

/** @throws Error for a placeholder without a value */
export function fill(template: string, values: Values): string {
  return template
    .split('\n')
    .flatMap((line) => fillLine(line, values))
    .join('\n');
}

function fillLine(line: string, values: Values): readonly string[] {
  const names = [...line.matchAll(placeholder)].map(([, name = '']) => name);
  const missing = names.find((name) => values[name] === undefined);
  if (missing !== undefined)
    throw new Error(`The template's placeholder __${missing}__ has no value: ${line}`);
  const listed = names.find((name) => typeof values[name] !== 'string');
  if (listed === undefined) return [line.replace(placeholder, (_, name) => String(values[name]))];
  return [values[listed] ?? []].flat().flatMap((value) => fillLine(line, { ...values, [listed]: value }));
}

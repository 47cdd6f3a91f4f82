import { type AttributeMap, type AttributeValue, getAttribute } from '../attribute-value.ts';

/** An attribute's name, then names of map entries and positions in lists. */
export type DocumentPath = readonly [attribute: string, ...rest: (string | number)[]];

/** A path as an expression has it: names that begin with `#` are still to be resolved. */
export type PathTemplate = readonly (string | number)[];

export const pathText = (path: PathTemplate): string =>
  `[${path.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join(', ')}]`;

const step = (value: AttributeValue, part: string | number): AttributeValue | undefined => {
  if (typeof part === 'number') return 'L' in value ? value.L[part] : undefined;
  return 'M' in value ? getAttribute(value.M, part) : undefined;
};

/** What is at a path of an item. */
export const valueAt = (item: AttributeMap, path: DocumentPath): AttributeValue | undefined => {
  let value = getAttribute(item, path[0]);
  for (let depth = 1; value !== undefined && depth < path.length; depth++) {
    const part = path[depth];
    value = part === undefined ? undefined : step(value, part);
  }
  return value;
};

/** Whether one path is the other, or leads through it. */
export const overlap = (a: DocumentPath, b: DocumentPath): boolean => {
  const shared = Math.min(a.length, b.length);
  for (let depth = 0; depth < shared; depth++) if (a[depth] !== b[depth]) return false;
  return true;
};

/** Whether two paths want the same place to be a list and a map. */
export const conflict = (a: DocumentPath, b: DocumentPath): boolean => {
  const shared = Math.min(a.length, b.length);
  for (let depth = 0; depth < shared; depth++) {
    if (typeof a[depth] !== typeof b[depth]) return true;
    if (a[depth] !== b[depth]) return false;
  }
  return false;
};

import { type AttributeMap, type AttributeValue, setAttribute } from '../attribute-value.ts';
import type { Bindings } from './bindings.ts';
import { expressionError } from './expression-error.ts';
import { Parser, remember } from './parser.ts';
import { conflict, type DocumentPath, overlap, type PathTemplate, pathText, valueAt } from './path.ts';

const KIND = 'ProjectionExpression';

const parseProjection = remember((source: string): readonly PathTemplate[] => {
  const parser = new Parser(source, KIND);
  const paths = parser.list(() => parser.path());
  parser.expectEnd();
  return paths;
});

/** @throws AwsError ValidationException when two paths overlap or conflict */
export const assertDisjoint = (
  paths: readonly DocumentPath[],
  kind: 'ProjectionExpression' | 'UpdateExpression',
): void => {
  paths.forEach((path, index) => {
    for (const earlier of paths.slice(0, index)) {
      const wrong = overlap(earlier, path) ? 'overlap' : conflict(earlier, path) ? 'conflict' : undefined;
      if (wrong)
        throw expressionError(
          kind,
          `Two document paths ${wrong} with each other; must remove or rewrite one of these paths; path one: ${pathText(earlier)}, path two: ${pathText(path)}`,
        );
    }
  });
};

/** The paths of a projection, with names put in. */
export const bindProjection = (source: string, bindings: Bindings): readonly DocumentPath[] => {
  const paths = parseProjection(source).map((path) => bindings.path(path, KIND));
  assertDisjoint(paths, KIND);
  return paths;
};

/** What paths select of a value: all of it, or some entries, by name or position. */
type Selection = { readonly parts: Map<string | number, Selection> };

const select = (paths: readonly DocumentPath[]): Selection => {
  const root: Selection = { parts: new Map() };
  for (const path of paths) {
    let at = root;
    for (const part of path) {
      const next = at.parts.get(part) ?? { parts: new Map() };
      at.parts.set(part, next);
      at = next;
    }
  }
  return root;
};

const pickMap = (map: AttributeMap, { parts }: Selection): AttributeMap | undefined => {
  const picked: Record<string, AttributeValue> = {};
  for (const [name, selection] of parts) {
    const value = valueAt(map, [String(name)]);
    const part = value && pick(value, selection);
    if (part) setAttribute(picked, String(name), part);
  }
  return Object.keys(picked).length > 0 ? picked : undefined;
};

const pick = (value: AttributeValue, selection: Selection): AttributeValue | undefined => {
  const { parts } = selection;
  if (parts.size === 0) return value;
  if ('M' in value) {
    const M = pickMap(value.M, selection);
    return M && { M };
  }
  if (!('L' in value)) return undefined;
  const positions = [...parts.keys()].filter((part) => typeof part === 'number').sort((a, b) => a - b);
  const L = positions.flatMap((position) => {
    const [element, wanted] = [value.L[position], parts.get(position)];
    const part = element && wanted && pick(element, wanted);
    return part ? [part] : [];
  });
  return L.length > 0 ? { L } : undefined;
};

/** The parts of an item that the paths name: lists keep only the chosen elements, in their order. */
export const project = (item: AttributeMap, paths: readonly DocumentPath[]): AttributeMap =>
  pickMap(item, select(paths)) ?? {};

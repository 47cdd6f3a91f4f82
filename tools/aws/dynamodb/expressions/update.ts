import {
  type AttributeMap,
  type AttributeValue,
  elementsOf,
  getAttribute,
  makeSet,
  type SetType,
  setAttribute,
  typeOf,
} from '../attribute-value.ts';
import { validationException } from '../errors.ts';
import { MAX_NESTING } from '../limits.ts';
import { addNumbers, subtractNumbers } from '../number.ts';
import type { Bindings } from './bindings.ts';
import { expressionError, operandTypeError } from './expression-error.ts';
import { type DocumentPath, valueAt } from './path.ts';
import { assertDisjoint } from './projection.ts';
import { type ParsedUpdateValue, parseUpdate, type UpdateAction, type UpdateValue } from './update-parser.ts';

const KIND = 'UpdateExpression';

type BoundUpdateValue = UpdateValue<DocumentPath, AttributeValue>;
export type BoundUpdateAction = UpdateAction<DocumentPath, AttributeValue>;

/** What a SET, ADD or DELETE was computed to write at its path; undefined removes what is there. */
type Change = { readonly path: DocumentPath; readonly value: AttributeValue | undefined };

const LONG_TYPES: Readonly<Record<string, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
  L: 'LIST',
  M: 'MAP',
};

const wrongOperandType = () =>
  validationException('An operand in the update expression has an incorrect data type');

const invalidPath = () =>
  validationException('The document path provided in the update expression is invalid for update');

const checkImmediate = (operator: string, operand: BoundUpdateValue, type: 'L' | 'N'): void => {
  if (operand.kind === 'value' && typeOf(operand.value) !== type)
    throw operandTypeError(KIND, operator, typeOf(operand.value));
};

const bindValue = (value: ParsedUpdateValue, bindings: Bindings): BoundUpdateValue => {
  switch (value.kind) {
    case 'path':
      return { kind: 'path', path: bindings.path(value.path, KIND) };
    case 'value':
      return { kind: 'value', value: bindings.value(value.value, KIND) };
    case 'if_not_exists':
      return {
        kind: 'if_not_exists',
        path: bindings.path(value.path, KIND),
        otherwise: bindValue(value.otherwise, bindings),
      };
    default: {
      const [left, right] = [bindValue(value.left, bindings), bindValue(value.right, bindings)];
      for (const operand of [left, right])
        checkImmediate(value.kind, operand, value.kind === 'list_append' ? 'L' : 'N');
      return { kind: value.kind, left, right };
    }
  }
};

const isSetType = (type: string): type is SetType => type === 'SS' || type === 'NS' || type === 'BS';

const bindElements = (action: 'ADD' | 'DELETE', key: string, bindings: Bindings): AttributeValue => {
  const value = bindings.value(key, KIND);
  const type = typeOf(value);
  if (isSetType(type) || (action === 'ADD' && type === 'N')) return value;
  throw operandTypeError(KIND, action, LONG_TYPES[type] ?? type, 'operator', `ALLOWED_FOR_${action}_OPERAND`);
};

/**
 * The actions of an update, with names and values put in.
 * @throws AwsError ValidationException as DynamoDB answers a faulty expression
 */
export const bindUpdate = (source: string, bindings: Bindings): readonly BoundUpdateAction[] => {
  const actions = parseUpdate(source).map((parsed): BoundUpdateAction => {
    const path = bindings.path(parsed.path, KIND);
    if (parsed.action === 'REMOVE') return { action: parsed.action, path };
    if (parsed.action === 'SET') return { action: 'SET', path, value: bindValue(parsed.value, bindings) };
    return { action: parsed.action, path, value: bindElements(parsed.action, parsed.value, bindings) };
  });
  assertDisjoint(
    actions.map(({ path }) => path),
    KIND,
  );
  return actions;
};

const evaluate = (value: BoundUpdateValue, item: AttributeMap): AttributeValue => {
  switch (value.kind) {
    case 'value':
      return value.value;
    case 'path': {
      const present = valueAt(item, value.path);
      if (present) return present;
      throw validationException(
        'The provided expression refers to an attribute that does not exist in the item',
      );
    }
    case 'if_not_exists':
      return valueAt(item, value.path) ?? evaluate(value.otherwise, item);
    default:
      return combine(value.kind, evaluate(value.left, item), evaluate(value.right, item));
  }
};

const combine = (
  operator: 'list_append' | '+' | '-',
  left: AttributeValue,
  right: AttributeValue,
): AttributeValue => {
  if (operator === 'list_append') {
    if ('L' in left && 'L' in right) return { L: [...left.L, ...right.L] };
  } else if ('N' in left && 'N' in right)
    return { N: operator === '+' ? addNumbers(left.N, right.N) : subtractNumbers(left.N, right.N) };
  throw wrongOperandType();
};

const add = (present: AttributeValue | undefined, value: AttributeValue): AttributeValue => {
  if (present === undefined) return value;
  if ('N' in present && 'N' in value) return { N: addNumbers(present.N, value.N) };
  const [type, elements, more] = [typeOf(present), elementsOf(present), elementsOf(value)];
  const union =
    elements && more && isSetType(type) && type === typeOf(value)
      ? makeSet(type, [...new Set([...elements, ...more])])
      : undefined;
  if (union) return union;
  throw wrongOperandType();
};

const subtract = (present: AttributeValue, value: AttributeValue): AttributeValue | undefined => {
  const [type, elements, fewer] = [typeOf(present), elementsOf(present), elementsOf(value)];
  if (!elements || !fewer || !isSetType(type) || type !== typeOf(value)) throw wrongOperandType();
  return makeSet(
    type,
    elements.filter((each) => !fewer.includes(each)),
  );
};

const nestingOf = (value: AttributeValue): number => {
  const inside = 'L' in value ? value.L : 'M' in value ? Object.values(value.M) : [];
  return 'L' in value || 'M' in value
    ? 1 + inside.reduce((most, each) => Math.max(most, nestingOf(each)), 0)
    : 0;
};

const assertNesting = (path: DocumentPath, value: AttributeValue): void => {
  if (path.length - 1 + nestingOf(value) > MAX_NESTING)
    throw validationException('Nesting Levels have exceeded supported limits');
};

const compute = (action: Exclude<BoundUpdateAction, { action: 'REMOVE' }>, item: AttributeMap): Change => {
  const { path } = action;
  if (action.action === 'SET') {
    const value = evaluate(action.value, item);
    if (path.length > 1 || action.value.kind === 'list_append') assertNesting(path, value);
    return { path, value };
  }
  const present = valueAt(item, path);
  if (action.action === 'ADD') return { path, value: add(present, action.value) };
  return { path, value: present && subtract(present, action.value) };
};

type MutableMap = Record<string, AttributeValue>;
type Container = { readonly M: MutableMap } | { readonly L: AttributeValue[] };

const childOf = (container: Container, part: string | number): AttributeValue | undefined => {
  if ('M' in container) return typeof part === 'string' ? getAttribute(container.M, part) : undefined;
  return typeof part === 'number' ? container.L[part] : undefined;
};

const copyOf = (value: AttributeValue): Container | undefined => {
  if ('M' in value) return { M: { ...value.M } };
  return 'L' in value ? { L: [...value.L] } : undefined;
};

/** An item that is being changed: what is not changed is shared with the item it was made from. */
class Draft {
  readonly item: MutableMap;
  /** Lists and maps that are this draft's own, so that they may change. */
  readonly #own = new WeakMap<AttributeValue, Container>();

  constructor(item: AttributeMap) {
    this.item = { ...item };
  }

  /** Writes at a path; positions beyond a list's end append to it. */
  set(path: DocumentPath, value: AttributeValue): void {
    const parent = this.#parent(path);
    const part = path.at(-1);
    if (parent && 'M' in parent && typeof part === 'string') setAttribute(parent.M, part, value);
    else if (parent && 'L' in parent && typeof part === 'number')
      parent.L[Math.min(part, parent.L.length)] = value;
    else throw invalidPath();
  }

  /** Removes what is at a path, if anything is. */
  remove(path: DocumentPath): void {
    const parent = this.#parent(path);
    const part = path.at(-1);
    if (parent && 'M' in parent && typeof part === 'string') delete parent.M[part];
    else if (parent && 'L' in parent && typeof part === 'number') parent.L.splice(part, 1);
    else throw invalidPath();
  }

  #parent(path: DocumentPath): Container | undefined {
    let container: Container = { M: this.item };
    for (const part of path.slice(0, -1)) {
      const next = this.#ownChild(container, part);
      if (!next) return undefined;
      container = next;
    }
    return container;
  }

  /** A list or map inside of another, copied when it is shared with the item as it was. */
  #ownChild(container: Container, part: string | number): Container | undefined {
    const child = childOf(container, part);
    const known = child && this.#own.get(child);
    if (known) return known;
    const copy = child && copyOf(child);
    if (!copy) return undefined;
    this.#own.set(copy, copy);
    if ('M' in container) setAttribute(container.M, String(part), copy);
    else container.L[Number(part)] = copy;
    return copy;
  }
}

const positionOf = (path: DocumentPath): number => {
  const part = path.at(-1);
  return typeof part === 'number' ? part : -1;
};

/**
 * Applies an update: every action sees the item as it was. Elements are removed from lists only after all others
 * were written, from the last to the first, so that positions mean what they meant before.
 * @throws AwsError ValidationException when the item does not allow an action
 */
export const applyUpdate = (before: AttributeMap, actions: readonly BoundUpdateAction[]): AttributeMap => {
  const draft = new Draft(before);
  const changes = actions.flatMap((each) => (each.action === 'REMOVE' ? [] : [compute(each, before)]));
  changes.sort((a, b) => positionOf(a.path) - positionOf(b.path));
  for (const { path, value } of changes) {
    if (value) draft.set(path, value);
    else if (valueAt(before, path)) draft.remove(path);
  }
  const removals = actions.flatMap((each) => (each.action === 'REMOVE' ? [each.path] : []));
  removals.sort((a, b) => positionOf(b) - positionOf(a));
  for (const path of removals) draft.remove(path);
  return draft.item;
};

/** Refuses paths into attributes that must be scalars. */
export const assertScalar = (
  actions: readonly BoundUpdateAction[],
  attribute: string,
  what: string,
): void => {
  if (actions.some(({ path }) => path.length > 1 && path[0] === attribute))
    throw expressionError(
      KIND,
      `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${what}: ${attribute}`,
    );
};

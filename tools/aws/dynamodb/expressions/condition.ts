import type { AwsError } from '../../protocol/error.ts';
import {
  type AttributeMap,
  type AttributeValue,
  compareValues,
  elementsOf,
  equalValues,
  typeOf,
} from '../attribute-value.ts';
import { valueBytes } from '../item-size.ts';
import type { Bindings } from './bindings.ts';
import {
  type Comparator,
  type Condition,
  type ConditionKind,
  type FunctionName,
  type Operand,
  type ParsedCondition,
  type ParsedOperand,
  parseCondition,
} from './condition-parser.ts';
import { expressionError, operandTypeError } from './expression-error.ts';
import { type DocumentPath, pathText, valueAt } from './path.ts';

export type BoundOperand = Operand<DocumentPath, AttributeValue>;
export type BoundCondition = Condition<DocumentPath, AttributeValue>;

const TYPE_NAMES = ['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M'];

const valueText = (value: AttributeValue): string => {
  const [entry] = Object.entries(value);
  return `AttributeValue: {${entry?.[0]}:${String(entry?.[1])}}`;
};

/** Checks what can be known of operands before an item is seen, as DynamoDB does. */
class OperandCheck {
  readonly #kind: ConditionKind;

  constructor(kind: ConditionKind) {
    this.#kind = kind;
  }

  #error(detail: string): AwsError {
    return expressionError(this.#kind, detail);
  }

  distinct(operator: string, first: BoundOperand, second: BoundOperand): void {
    if (first.kind !== 'path' || second.kind !== 'path') return;
    if (pathText(first.path) !== pathText(second.path)) return;
    throw this.#error(
      `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${pathText(first.path)}`,
    );
  }

  ordered(operator: string, operand: BoundOperand): void {
    if (operand.kind !== 'value') return;
    const type = typeOf(operand.value);
    if (type !== 'S' && type !== 'N' && type !== 'B')
      throw operandTypeError(this.#kind, operator, type, 'operator');
  }

  bounds(low: BoundOperand, high: BoundOperand): void {
    if (low.kind !== 'value' || high.kind !== 'value') return;
    const operands = `lower bound operand: ${valueText(low.value)}, upper bound operand: ${valueText(high.value)}`;
    if (typeOf(low.value) !== typeOf(high.value))
      throw this.#error(
        `The BETWEEN operator requires same data type for lower and upper bounds; ${operands}`,
      );
    if ((compareValues(low.value, high.value) ?? 0) > 0)
      throw this.#error(
        `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${operands}`,
      );
  }

  size(of: BoundOperand): void {
    if (of.kind !== 'value') return;
    const type = typeOf(of.value);
    if (type === 'N' || type === 'BOOL' || type === 'NULL') throw operandTypeError(this.#kind, 'size', type);
  }

  call(name: FunctionName, first: BoundOperand, second: BoundOperand | undefined): void {
    if (second) this.distinct(name, first, second);
    if (name === 'attribute_exists' || name === 'attribute_not_exists') {
      if (first.kind !== 'path')
        throw this.#error(`Operator or function requires a document path; operator or function: ${name}`);
    } else if (name === 'begins_with') {
      for (const operand of [first, second]) this.#prefix(name, operand);
    } else if (name === 'attribute_type') this.#typeName(second);
  }

  #prefix(name: FunctionName, operand: BoundOperand | undefined): void {
    if (operand?.kind !== 'value') return;
    const type = typeOf(operand.value);
    if (type !== 'S' && type !== 'B') throw operandTypeError(this.#kind, name, type);
  }

  #typeName(operand: BoundOperand | undefined): void {
    if (operand?.kind !== 'value' || !('S' in operand.value)) {
      const type = operand?.kind === 'value' ? typeOf(operand.value) : '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}';
      throw operandTypeError(this.#kind, 'attribute_type', type);
    }
    if (!TYPE_NAMES.includes(operand.value.S))
      throw this.#error(
        `Invalid attribute type name found; type: ${operand.value.S}, valid types: {${TYPE_NAMES.join(',')}}`,
      );
  }
}

class ConditionBinder {
  readonly #kind: ConditionKind;
  readonly #bindings: Bindings;
  readonly #check: OperandCheck;

  constructor(kind: ConditionKind, bindings: Bindings) {
    this.#kind = kind;
    this.#bindings = bindings;
    this.#check = new OperandCheck(kind);
  }

  operand(operand: ParsedOperand): BoundOperand {
    switch (operand.kind) {
      case 'path':
        return { kind: 'path', path: this.#bindings.path(operand.path, this.#kind) };
      case 'value':
        return { kind: 'value', value: this.#bindings.value(operand.value, this.#kind) };
      case 'size': {
        const of = this.operand(operand.of);
        this.#check.size(of);
        return { kind: 'size', of };
      }
    }
  }

  condition(condition: ParsedCondition): BoundCondition {
    switch (condition.kind) {
      case 'and':
      case 'or':
        return {
          kind: condition.kind,
          left: this.condition(condition.left),
          right: this.condition(condition.right),
        };
      case 'not':
        return { kind: 'not', condition: this.condition(condition.condition) };
      case 'compare':
        return this.#compare(condition.comparator, condition.left, condition.right);
      case 'between':
        return this.#between(condition.operand, condition.low, condition.high);
      case 'in':
        return {
          kind: 'in',
          operand: this.operand(condition.operand),
          candidates: condition.candidates.map((each) => this.operand(each)),
        };
      case 'function':
        return this.#function(condition.name, condition.first, condition.second);
    }
  }

  #compare(comparator: Comparator, left: ParsedOperand, right: ParsedOperand): BoundCondition {
    const bound = {
      kind: 'compare',
      comparator,
      left: this.operand(left),
      right: this.operand(right),
    } as const;
    this.#check.distinct(comparator, bound.left, bound.right);
    if (comparator !== '=' && comparator !== '<>')
      for (const operand of [bound.left, bound.right]) this.#check.ordered(comparator, operand);
    return bound;
  }

  #between(operand: ParsedOperand, low: ParsedOperand, high: ParsedOperand): BoundCondition {
    const bound = {
      kind: 'between',
      operand: this.operand(operand),
      low: this.operand(low),
      high: this.operand(high),
    } as const;
    for (const each of [bound.operand, bound.low, bound.high]) this.#check.ordered('BETWEEN', each);
    this.#check.bounds(bound.low, bound.high);
    return bound;
  }

  #function(name: FunctionName, first: ParsedOperand, second: ParsedOperand | undefined): BoundCondition {
    const bound = {
      kind: 'function',
      name,
      first: this.operand(first),
      second: second && this.operand(second),
    } as const;
    this.#check.call(name, bound.first, bound.second);
    return bound;
  }
}

/**
 * A condition with its names and values put in, ready to be asked of items.
 * @throws AwsError ValidationException as DynamoDB answers a faulty expression
 */
export const bindCondition = (source: string, kind: ConditionKind, bindings: Bindings): BoundCondition =>
  new ConditionBinder(kind, bindings).condition(parseCondition(source, kind));

const sizeOf = (value: AttributeValue): number | undefined => {
  if ('S' in value) return value.S.length === 0 ? 0 : Buffer.byteLength(value.S);
  if ('B' in value) return valueBytes(value);
  if ('L' in value) return value.L.length;
  if ('M' in value) return Object.keys(value.M).length;
  return elementsOf(value)?.length;
};

const evaluate = (operand: BoundOperand, item: AttributeMap): AttributeValue | undefined => {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'path') return valueAt(item, operand.path);
  const value = evaluate(operand.of, item);
  const size = value && sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
};

const compares = (
  comparator: Comparator,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean => {
  if (left === undefined || right === undefined) return comparator === '<>' && left !== right;
  if (comparator === '=') return equalValues(left, right);
  if (comparator === '<>') return !equalValues(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  if (comparator === '<') return order < 0;
  if (comparator === '<=') return order <= 0;
  return comparator === '>' ? order > 0 : order >= 0;
};

const beginsWith = (value: AttributeValue, prefix: AttributeValue): boolean => {
  if ('S' in value) return 'S' in prefix && value.S.startsWith(prefix.S);
  if (!('B' in value && 'B' in prefix)) return false;
  const start = Buffer.from(prefix.B, 'base64');
  return Buffer.from(value.B, 'base64').subarray(0, start.length).equals(start);
};

const contains = (value: AttributeValue, wanted: AttributeValue): boolean => {
  if ('S' in value) return 'S' in wanted && value.S.includes(wanted.S);
  if ('L' in value) return value.L.some((each) => equalValues(each, wanted));
  if ('SS' in value) return 'S' in wanted && value.SS.includes(wanted.S);
  if ('NS' in value) return 'N' in wanted && value.NS.includes(wanted.N);
  if ('BS' in value) return 'B' in wanted && value.BS.includes(wanted.B);
  return (
    'B' in value && 'B' in wanted && Buffer.from(value.B, 'base64').includes(Buffer.from(wanted.B, 'base64'))
  );
};

const calls = (
  name: FunctionName,
  first: AttributeValue | undefined,
  second: AttributeValue | undefined,
): boolean => {
  if (name === 'attribute_exists') return first !== undefined;
  if (name === 'attribute_not_exists') return first === undefined;
  if (first === undefined || second === undefined) return false;
  if (name === 'attribute_type') return 'S' in second && typeOf(first) === second.S;
  return name === 'begins_with' ? beginsWith(first, second) : contains(first, second);
};

/** Whether the condition is true for an item; one that does not exist has no attributes. */
export const holds = (condition: BoundCondition, item: AttributeMap): boolean => {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item) && holds(condition.right, item);
    case 'or':
      return holds(condition.left, item) || holds(condition.right, item);
    case 'not':
      return !holds(condition.condition, item);
    case 'compare':
      return compares(condition.comparator, evaluate(condition.left, item), evaluate(condition.right, item));
    case 'between': {
      const value = evaluate(condition.operand, item);
      return (
        compares('>=', value, evaluate(condition.low, item)) &&
        compares('<=', value, evaluate(condition.high, item))
      );
    }
    case 'in': {
      const value = evaluate(condition.operand, item);
      return condition.candidates.some((each) => compares('=', value, evaluate(each, item)));
    }
    case 'function':
      return calls(
        condition.name,
        evaluate(condition.first, item),
        condition.second && evaluate(condition.second, item),
      );
  }
};

const operandsOf = (condition: BoundCondition): readonly (BoundOperand | undefined)[] => {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...operandsOf(condition.left), ...operandsOf(condition.right)];
    case 'not':
      return operandsOf(condition.condition);
    case 'compare':
      return [condition.left, condition.right];
    case 'between':
      return [condition.operand, condition.low, condition.high];
    case 'in':
      return [condition.operand, ...condition.candidates];
    case 'function':
      return [condition.first, condition.second];
  }
};

const attributeOf = (operand: BoundOperand | undefined): readonly string[] => {
  if (operand?.kind === 'path') return [operand.path[0]];
  return operand?.kind === 'size' ? attributeOf(operand.of) : [];
};

/** The attributes that a condition looks at. */
export const attributesOf = (condition: BoundCondition): ReadonlySet<string> =>
  new Set(operandsOf(condition).flatMap(attributeOf));

import { MAX_IN_OPERANDS } from '../limits.ts';
import type { ExpressionKind } from './expression-error.ts';
import { Parser, remember } from './parser.ts';
import type { PathTemplate } from './path.ts';

export const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='] as const;
export type Comparator = (typeof COMPARATORS)[number];

const ARITY = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
} as const;
export type FunctionName = keyof typeof ARITY;

/** `P` is a path and `V` a value: as the expression has them, or resolved with a request's names and values. */
export type Operand<P, V> =
  | { readonly kind: 'path'; readonly path: P }
  | { readonly kind: 'value'; readonly value: V }
  | { readonly kind: 'size'; readonly of: Operand<P, V> };

export type Condition<P, V> =
  | { readonly kind: 'and' | 'or'; readonly left: Condition<P, V>; readonly right: Condition<P, V> }
  | { readonly kind: 'not'; readonly condition: Condition<P, V> }
  | {
      readonly kind: 'compare';
      readonly comparator: Comparator;
      readonly left: Operand<P, V>;
      readonly right: Operand<P, V>;
    }
  | {
      readonly kind: 'between';
      readonly operand: Operand<P, V>;
      readonly low: Operand<P, V>;
      readonly high: Operand<P, V>;
    }
  | { readonly kind: 'in'; readonly operand: Operand<P, V>; readonly candidates: readonly Operand<P, V>[] }
  | {
      readonly kind: 'function';
      readonly name: FunctionName;
      readonly first: Operand<P, V>;
      readonly second: Operand<P, V> | undefined;
    };

export type ParsedOperand = Operand<PathTemplate, string>;
export type ParsedCondition = Condition<PathTemplate, string>;

export const isFunctionName = (name: string): name is FunctionName => Object.hasOwn(ARITY, name);

class ConditionParser extends Parser {
  /** Conditions that were parenthesized as they are. */
  readonly #parenthesized = new WeakSet<ParsedCondition>();

  condition(): ParsedCondition {
    let left = this.#conjunction();
    while (this.word('OR')) {
      this.countOperator();
      left = { kind: 'or', left, right: this.#conjunction() };
    }
    return left;
  }

  #conjunction(): ParsedCondition {
    let left = this.#negation();
    while (this.word('AND')) {
      this.countOperator();
      left = { kind: 'and', left, right: this.#negation() };
    }
    return left;
  }

  #negation(): ParsedCondition {
    if (!this.word('NOT')) return this.#primary();
    this.countOperator();
    return { kind: 'not', condition: this.#negation() };
  }

  #primary(): ParsedCondition {
    if (this.isSymbol('(') && !this.#parenthesisHoldsOperand()) return this.#parentheses();
    if (this.isFunction() && this.peek().text !== 'size') return this.#function();
    return this.#comparison();
  }

  #parentheses(): ParsedCondition {
    this.expectSymbol('(');
    const condition = this.condition();
    this.expectSymbol(')');
    if (this.#parenthesized.has(condition)) throw this.error('The expression has redundant parentheses;');
    this.#parenthesized.add(condition);
    return condition;
  }

  /** `(a) = :b` parenthesizes an operand, `(a = :b)` a condition. */
  #parenthesisHoldsOperand(): boolean {
    let depth = 0;
    for (let ahead = 0; this.peek(ahead).type !== 'end'; ahead++) {
      if (this.isSymbol('(', ahead)) depth++;
      if (this.isSymbol(')', ahead) && --depth === 0) return this.#isOperator(ahead + 1);
    }
    return false;
  }

  #isOperator(ahead: number): boolean {
    return (
      COMPARATORS.some((each) => this.isSymbol(each, ahead)) ||
      this.isWord('BETWEEN', ahead) ||
      this.isWord('IN', ahead)
    );
  }

  #function(): ParsedCondition {
    const name = this.take().text;
    this.expectSymbol('(');
    const operands = this.list(() => this.operand());
    this.expectSymbol(')');
    this.countOperator();
    if (!isFunctionName(name)) throw this.error(`Invalid function name; function: ${name}`);
    const [first, second] = operands;
    if (first === undefined || operands.length !== ARITY[name])
      throw this.error(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
    return { kind: 'function', name, first, second };
  }

  #comparison(): ParsedCondition {
    const operand = this.operand();
    this.countOperator();
    if (this.word('BETWEEN')) {
      const low = this.operand();
      this.expectWord('AND');
      return { kind: 'between', operand, low, high: this.operand() };
    }
    if (this.word('IN')) return { kind: 'in', operand, candidates: this.#candidates() };
    const comparator = COMPARATORS.find((each) => this.symbol(each));
    if (comparator) return { kind: 'compare', comparator, left: operand, right: this.operand() };
    if (operand.kind === 'size')
      throw this.error('The function is not allowed to be used this way in an expression; function: size');
    return this.fail();
  }

  #candidates(): readonly ParsedOperand[] {
    this.expectSymbol('(');
    const candidates = this.list(() => this.operand());
    this.expectSymbol(')');
    if (candidates.length > MAX_IN_OPERANDS)
      throw this.error(
        `The IN operator is provided with too many operands; number of operands: ${candidates.length}`,
      );
    return candidates;
  }

  operand(): ParsedOperand {
    if (this.symbol('(')) {
      const operand = this.operand();
      this.expectSymbol(')');
      return operand;
    }
    if (this.peek().type === 'value') return { kind: 'value', value: this.take().text };
    if (this.isFunction()) return this.#size();
    return { kind: 'path', path: this.path() };
  }

  #size(): ParsedOperand {
    const name = this.take().text;
    if (name !== 'size')
      throw this.error(
        isFunctionName(name)
          ? `The function is not allowed to be used this way in an expression; function: ${name}`
          : `Invalid function name; function: ${name}`,
      );
    this.expectSymbol('(');
    const operands = this.list(() => this.operand());
    this.expectSymbol(')');
    this.countOperator();
    const [of] = operands;
    if (of === undefined || operands.length > 1)
      throw this.error(
        `Incorrect number of operands for operator or function; operator or function: size, number of operands: ${operands.length}`,
      );
    return { kind: 'size', of };
  }
}

const parserOf = (kind: ExpressionKind) =>
  remember((source: string): ParsedCondition => {
    const parser = new ConditionParser(source, kind);
    const condition = parser.condition();
    parser.expectEnd();
    return condition;
  });

const PARSERS = {
  ConditionExpression: parserOf('ConditionExpression'),
  FilterExpression: parserOf('FilterExpression'),
  KeyConditionExpression: parserOf('KeyConditionExpression'),
} as const;

export type ConditionKind = keyof typeof PARSERS;

export const parseCondition = (source: string, kind: ConditionKind): ParsedCondition => PARSERS[kind](source);

import { isFunctionName } from './condition-parser.ts';
import { Parser, remember } from './parser.ts';
import type { PathTemplate } from './path.ts';

const KIND = 'UpdateExpression';
const CLAUSES = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;
type Clause = (typeof CLAUSES)[number];

/** What a SET gives: `P` is a path and `V` a value, parsed or resolved. */
export type UpdateValue<P, V> =
  | { readonly kind: 'path'; readonly path: P }
  | { readonly kind: 'value'; readonly value: V }
  | { readonly kind: 'if_not_exists'; readonly path: P; readonly otherwise: UpdateValue<P, V> }
  | {
      readonly kind: 'list_append' | '+' | '-';
      readonly left: UpdateValue<P, V>;
      readonly right: UpdateValue<P, V>;
    };

export type UpdateAction<P, V> =
  | { readonly action: 'SET'; readonly path: P; readonly value: UpdateValue<P, V> }
  | { readonly action: 'REMOVE'; readonly path: P }
  | { readonly action: 'ADD' | 'DELETE'; readonly path: P; readonly value: V };

export type ParsedUpdateValue = UpdateValue<PathTemplate, string>;
export type ParsedUpdateAction = UpdateAction<PathTemplate, string>;

class UpdateParser extends Parser {
  actions(): readonly ParsedUpdateAction[] {
    const seen = new Set<Clause>();
    const actions: ParsedUpdateAction[] = [];
    do {
      const clause = CLAUSES.find((each) => this.word(each));
      if (!clause) return this.fail();
      if (seen.has(clause))
        throw this.error(`The "${clause}" section can only be used once in an update expression;`);
      seen.add(clause);
      actions.push(...this.list(() => this.#action(clause)));
    } while (this.peek().type !== 'end');
    return actions;
  }

  #action(action: Clause): ParsedUpdateAction {
    const path = this.path();
    this.countOperator();
    if (action === 'REMOVE') return { action, path };
    if (action !== 'SET') {
      if (this.peek().type !== 'value') this.fail();
      return { action, path, value: this.take().text };
    }
    this.expectSymbol('=');
    return { action, path, value: this.#value() };
  }

  #value(): ParsedUpdateValue {
    const left = this.#operand();
    const operator = (['+', '-'] as const).find((each) => this.symbol(each));
    if (!operator) return left;
    this.countOperator();
    return { kind: operator, left, right: this.#operand() };
  }

  #operand(): ParsedUpdateValue {
    if (this.symbol('(')) {
      const value = this.#value();
      this.expectSymbol(')');
      return value;
    }
    if (this.peek().type === 'value') return { kind: 'value', value: this.take().text };
    if (this.isFunction()) return this.#function();
    return { kind: 'path', path: this.path() };
  }

  #function(): ParsedUpdateValue {
    const name = this.take().text;
    if (name !== 'if_not_exists' && name !== 'list_append')
      throw this.error(
        name === 'size' || isFunctionName(name)
          ? `The function is not allowed in an update expression; function: ${name}`
          : `Invalid function name; function: ${name}`,
      );
    this.countOperator();
    this.expectSymbol('(');
    const operands = this.list(() => this.#value());
    this.expectSymbol(')');
    const [left, right] = operands;
    if (!left || !right || operands.length > 2)
      throw this.error(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
    if (name === 'list_append') return { kind: name, left, right };
    if (left.kind === 'path') return { kind: name, path: left.path, otherwise: right };
    throw this.error(`Operator or function requires a document path; operator or function: ${name}`);
  }
}

export const parseUpdate = remember((source: string): readonly ParsedUpdateAction[] =>
  new UpdateParser(source, KIND).actions(),
);

import type { AwsError } from '../../protocol/error.ts';
import { MAX_EXPRESSION_BYTES, MAX_EXPRESSION_OPERATORS, MAX_NESTING } from '../limits.ts';
import { isReservedWord } from '../reserved-words.ts';
import { type ExpressionKind, expressionError, syntaxError } from './expression-error.ts';
import { type Token, tokenize } from './lexer.ts';
import type { PathTemplate } from './path.ts';

/** What all of DynamoDB's expressions have in common: tokens and document paths. */
export class Parser {
  readonly kind: ExpressionKind;
  readonly #source: string;
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #position = 0;
  #operators = 0;

  constructor(source: string, kind: ExpressionKind) {
    this.kind = kind;
    this.#source = source;
    if (Buffer.byteLength(source) > MAX_EXPRESSION_BYTES)
      throw this.error(
        `Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(source)}`,
      );
    this.#tokens = tokenize(source, kind);
    this.#end = { type: 'end', text: '<EOF>', start: source.length, end: source.length };
  }

  /** The error of this kind of expression. */
  error(detail: string): AwsError {
    return expressionError(this.kind, detail);
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#position + ahead] ?? this.#end;
  }

  take(): Token {
    const token = this.peek();
    this.#position++;
    return token;
  }

  /** @throws AwsError the syntax error at the next token */
  fail(): never {
    const from = this.#tokens[Math.max(0, this.#position - 1)] ?? this.#end;
    const near = this.#source.slice(from.start, this.peek(1).end).trim();
    throw syntaxError(this.kind, this.peek().text, near);
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.type === 'symbol' && token.text === symbol;
  }

  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.type === 'name' && token.text.toUpperCase() === word;
  }

  /** Takes the symbol if it is next. */
  symbol(symbol: string): boolean {
    const found = this.isSymbol(symbol);
    if (found) this.#position++;
    return found;
  }

  /** Takes the keyword if it is next, in any case. */
  word(word: string): boolean {
    const found = this.isWord(word);
    if (found) this.#position++;
    return found;
  }

  expectSymbol(symbol: string): void {
    if (!this.symbol(symbol)) this.fail();
  }

  expectWord(word: string): void {
    if (!this.word(word)) this.fail();
  }

  expectEnd(): void {
    if (this.peek().type !== 'end') this.fail();
  }

  /** A name that is called, e.g. `size` before a parenthesis. */
  isFunction(): boolean {
    return this.peek().type === 'name' && this.isSymbol('(', 1);
  }

  /** Counts an operator or function towards the limit. */
  countOperator(): void {
    this.#operators++;
    if (this.#operators > MAX_EXPRESSION_OPERATORS)
      throw this.error(
        `The expression contains too many operators; maximum operators allowed: ${MAX_EXPRESSION_OPERATORS}`,
      );
  }

  /** One or more, with commas between them. */
  list<T>(parse: () => T): readonly T[] {
    const parsed = [parse()];
    while (this.symbol(',')) parsed.push(parse());
    return parsed;
  }

  path(): PathTemplate {
    const path: (string | number)[] = [this.#pathName()];
    for (;;) {
      if (this.symbol('.')) path.push(this.#pathName());
      else if (this.symbol('[')) path.push(this.#listPosition());
      else break;
    }
    if (path.length > MAX_NESTING)
      throw this.error(`The document path has too many nesting elements; nesting levels: ${path.length}`);
    return path;
  }

  #pathName(): string {
    const { type, text } = this.peek();
    if (type !== 'name' && type !== 'placeholder') return this.fail();
    if (type === 'name' && isReservedWord(text))
      throw this.error(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
    return this.take().text;
  }

  #listPosition(): number {
    if (this.peek().type !== 'number') this.fail();
    const position = Number(this.take().text);
    this.expectSymbol(']');
    return position;
  }
}

const MAX_CACHED = 2000;

/** Remembers what texts parse to: the same few expressions come again and again. */
export const remember = <T>(parse: (source: string) => T): ((source: string) => T) => {
  const parsed = new Map<string, T>();
  return (source) => {
    const known = parsed.get(source);
    if (known !== undefined) return known;
    const fresh = parse(source);
    if (parsed.size >= MAX_CACHED) parsed.clear();
    parsed.set(source, fresh);
    return fresh;
  };
};

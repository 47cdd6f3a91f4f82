import { FILTER_BYTES } from './limits.ts';
import { invalidArgument, type PubSubError } from './status.ts';

export type Attributes = Readonly<Record<string, string>>;
export type Filter = (attributes: Attributes) => boolean;

interface Token {
  readonly kind: 'word' | 'string' | 'symbol' | 'end';
  readonly text: string;
}

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([A-Za-z0-9_-]+)|(!=|[=:.(),]))/y;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([0-7]{3})|(.))/g;
const CONTROL: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
};

const wrong = (source: string, reason: string): PubSubError =>
  invalidArgument(`Invalid filter ${JSON.stringify(source)}: ${reason}.`);

const unescapeLiteral = (literal: string): string =>
  literal.slice(1, -1).replace(ESCAPE, (_, short, long, hex, octal, other: string) => {
    const digits = short ?? long ?? hex;
    if (digits !== undefined) return String.fromCodePoint(Number.parseInt(digits, 16));
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    return CONTROL[other] ?? other;
  });

const tokensOf = (source: string): readonly Token[] => {
  const tokens: Token[] = [];
  const end = source.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const [, literal, word, symbol] = TOKEN.exec(source) ?? [];
    if (literal !== undefined) tokens.push({ kind: 'string', text: unescapeLiteral(literal) });
    // A minus is a NOT, except inside of a key.
    else if (word?.startsWith('-') && word.length > 1) {
      tokens.push({ kind: 'symbol', text: '-' }, { kind: 'word', text: word.slice(1) });
    } else if (word === '-') tokens.push({ kind: 'symbol', text: '-' });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
    else throw wrong(source, `there is no operator or value at position ${at + 1}`);
  }
  return tokens;
};

/** A recursive descent over the grammar of the page below. */
class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokensOf(source);
  }

  parse(): Filter {
    const filter = this.#expression();
    if (this.#peek().kind !== 'end') throw this.#unexpected();
    return filter;
  }

  #expression(): Filter {
    const terms = [this.#term()];
    const operator = this.#peek().text;
    if (!this.#isWord('AND') && !this.#isWord('OR')) return terms[0] as Filter;
    while (this.#isWord(operator)) {
      this.#next += 1;
      terms.push(this.#term());
    }
    if (this.#isWord('AND') || this.#isWord('OR'))
      throw wrong(this.#source, 'AND and OR need parentheses to be combined');
    return operator === 'AND'
      ? (attributes) => terms.every((term) => term(attributes))
      : (attributes) => terms.some((term) => term(attributes));
  }

  #term(): Filter {
    if (this.#isWord('NOT') || this.#isSymbol('-')) {
      this.#next += 1;
      const term = this.#term();
      return (attributes) => !term(attributes);
    }
    if (this.#isSymbol('(')) {
      this.#next += 1;
      const filter = this.#expression();
      this.#symbol(')');
      return filter;
    }
    if (this.#isWord('hasPrefix')) return this.#hasPrefix();
    return this.#comparison();
  }

  #hasPrefix(): Filter {
    this.#next += 1;
    this.#symbol('(');
    const key = this.#attribute();
    this.#symbol(',');
    const prefix = this.#string();
    this.#symbol(')');
    return (attributes) => attributes[key]?.startsWith(prefix) ?? false;
  }

  #comparison(): Filter {
    if (!this.#isWord('attributes')) throw this.#unexpected();
    if (this.#tokens[this.#next + 1]?.text === ':') {
      this.#next += 2;
      const key = this.#key();
      return (attributes) => Object.hasOwn(attributes, key);
    }
    const key = this.#attribute();
    const operator = this.#take();
    if (operator.kind !== 'symbol' || (operator.text !== '=' && operator.text !== '!='))
      throw wrong(this.#source, `"${operator.text}" is none of the operators :, = and !=`);
    const value = this.#string();
    return operator.text === '='
      ? (attributes) => attributes[key] === value
      : (attributes) => attributes[key] !== value;
  }

  #attribute(): string {
    if (!this.#isWord('attributes')) throw this.#unexpected();
    this.#next += 1;
    this.#symbol('.');
    return this.#key();
  }

  #key(): string {
    const { kind, text } = this.#take();
    if (kind === 'word' || kind === 'string') return text;
    throw wrong(this.#source, 'an attribute has no key');
  }

  #string(): string {
    const { kind, text } = this.#take();
    if (kind === 'string') return text;
    throw wrong(this.#source, `${JSON.stringify(text)} is not a string literal`);
  }

  #symbol(text: string): void {
    if (!this.#isSymbol(text))
      throw wrong(this.#source, `"${text}" is missing before "${this.#peek().text}"`);
    this.#next += 1;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '' };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #isWord(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'word' && token.text === text;
  }

  #isSymbol(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'symbol' && token.text === text;
  }

  #unexpected(): PubSubError {
    const { kind, text } = this.#peek();
    const found = kind === 'end' ? 'it ends too early' : `${JSON.stringify(text)} is not expected there`;
    return wrong(this.#source, `${found}; it knows attributes, hasPrefix, AND, OR and NOT`);
  }
}

/**
 * A subscription's filter: `attributes:key`, `attributes.key = "value"`, `!=`, `hasPrefix(attributes.key, "value")`,
 * joined by AND, OR and NOT.
 * Source: https://cloud.google.com/pubsub/docs/subscription-message-filter#filtering_syntax
 * @throws PubSubError INVALID_ARGUMENT for anything else, or for more than 256 bytes
 */
export const parseFilter = (source: string): Filter => {
  if (source.trim() === '') return () => true;
  if (Buffer.byteLength(source) > FILTER_BYTES)
    throw wrong(source, `it is longer than ${FILTER_BYTES} bytes`);
  return new Parser(source).parse();
};

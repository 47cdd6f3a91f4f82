import { type ExpressionKind, expressionError, syntaxError } from './expression-error.ts';

export type TokenType = 'name' | 'placeholder' | 'value' | 'number' | 'symbol' | 'end';

export interface Token {
  readonly type: TokenType;
  readonly text: string;
  /** Where it begins and ends in the expression. */
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /(:[A-Za-z0-9_]+)|(#[A-Za-z0-9_]+)|([A-Za-z_][A-Za-z0-9_]*)|(\d+)|(<>|<=|>=|[=<>(),.[\]+-])|([ \t\r\n]+)/y;
const GROUPS = ['value', 'placeholder', 'name', 'number', 'symbol'] as const;

const typeOfMatch = (match: RegExpExecArray): TokenType | undefined =>
  GROUPS.find((_, index) => match[index + 1] !== undefined);

/**
 * Splits an expression into tokens; the last one is of the type `end`.
 * @throws AwsError ValidationException when a character belongs to none
 */
export const tokenize = (source: string, kind: ExpressionKind): readonly Token[] => {
  if (source.trim() === '') throw expressionError(kind, 'The expression can not be empty;');
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let start = 0; start < source.length; start = TOKEN.lastIndex) {
    const match = TOKEN.exec(source);
    if (!match) throw syntaxError(kind, source.charAt(start), source.slice(start, start + 10));
    const type = typeOfMatch(match);
    if (type) tokens.push({ type, text: match[0], start, end: TOKEN.lastIndex });
  }
  tokens.push({ type: 'end', text: '<EOF>', start: source.length, end: source.length });
  return tokens;
};

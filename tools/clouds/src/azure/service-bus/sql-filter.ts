import { badArgument, notImplemented } from './errors.ts';
import type { MessageContent, PropertyValue } from './message.ts';

type Value = PropertyValue | undefined;
type Operand = (message: MessageContent) => Value;
/** `undefined` is SQL's unknown: a property that is missing, or values of different types. */
type Predicate = (message: MessageContent) => boolean | undefined;

const TOKEN =
  /\s*(?:('(?:[^']|'')*')|(\d+(?:\.\d+)?)|(<>|!=|<=|>=|[=<>(),.])|(\[[^\]]+\]|[A-Za-z_][\w$]*)|(\S))/gy;

const SYSTEM: Readonly<Record<string, (message: MessageContent) => Value>> = {
  label: ({ subject }) => subject,
  subject: ({ subject }) => subject,
  messageid: ({ messageId }) => messageId,
  sessionid: ({ sessionId }) => sessionId,
  correlationid: ({ correlationId }) => correlationId,
  contenttype: ({ contentType }) => contentType,
  to: ({ to }) => to,
  replyto: ({ replyTo }) => replyTo,
  replytosessionid: ({ replyToSessionId }) => replyToSessionId,
};

const UNSUPPORTED = /^(LIKE|ESCAPE|EXISTS|[+*/%-])$/i;

const order = (one: Value, other: Value): number | undefined => {
  if (one === undefined || typeof one !== typeof other || other === undefined) return undefined;
  return one < other ? -1 : Number(one > other);
};

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (by) => by === 0,
  '<>': (by) => by !== 0,
  '!=': (by) => by !== 0,
  '<': (by) => by < 0,
  '<=': (by) => by <= 0,
  '>': (by) => by > 0,
  '>=': (by) => by >= 0,
};

const not = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);

const or = (one: boolean | undefined, other: boolean | undefined): boolean | undefined =>
  one || other || (one === undefined || other === undefined ? undefined : false);

/** Reads comparisons, `IN`, `IS NULL`, `AND`, `OR`, `NOT` and parentheses. */
class Parser {
  readonly #tokens: readonly string[];
  readonly #sql: string;
  #at = 0;

  constructor(sql: string) {
    this.#sql = sql;
    this.#tokens = [...sql.trimEnd().matchAll(TOKEN)].map(([token]) => token.trim());
  }

  whole(): Predicate {
    const predicate = this.#disjunction();
    if (this.#at < this.#tokens.length) throw this.#wrong();
    return predicate;
  }

  #disjunction(): Predicate {
    const terms = [this.#conjunction()];
    while (this.#takes('OR')) terms.push(this.#conjunction());
    return (message) => terms.map((term) => term(message)).reduce(or);
  }

  #conjunction(): Predicate {
    const terms = [this.#negation()];
    while (this.#takes('AND')) terms.push(this.#negation());
    return (message) => not(terms.map((term) => not(term(message))).reduce(or));
  }

  #negation(): Predicate {
    if (!this.#takes('NOT')) return this.#primary();
    const negated = this.#negation();
    return (message) => not(negated(message));
  }

  #primary(): Predicate {
    if (this.#takes('(')) {
      const inner = this.#disjunction();
      this.#expect(')');
      return inner;
    }
    const left = this.#operand();
    if (this.#takes('IS')) return this.#nullTest(left);
    const negated = this.#takes('NOT');
    if (this.#takes('IN')) {
      const listed = this.#list(left);
      return negated ? (message) => not(listed(message)) : listed;
    }
    const compare = COMPARISONS[this.#next()];
    if (compare === undefined || negated) throw this.#wrong();
    const right = this.#operand();
    return (message) => {
      const by = order(left(message), right(message));
      return by === undefined ? undefined : compare(by);
    };
  }

  #nullTest(left: Operand): Predicate {
    const negated = this.#takes('NOT');
    this.#expect('NULL');
    return (message) => (left(message) === undefined) !== negated;
  }

  #list(left: Operand): Predicate {
    this.#expect('(');
    const values = [this.#operand()];
    while (this.#takes(',')) values.push(this.#operand());
    this.#expect(')');
    return (message) =>
      values
        .map((value) => order(left(message), value(message)))
        .map((by) => (by === undefined ? undefined : by === 0))
        .reduce(or);
  }

  #operand(): Operand {
    const token = this.#next();
    if (token.startsWith("'")) {
      const text = token.slice(1, -1).replaceAll("''", "'");
      return () => text;
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (/^(true|false)$/i.test(token)) return () => /^true$/i.test(token);
    if (!/^[A-Za-z_[]/.test(token)) throw this.#wrong();
    return this.#property(token);
  }

  /** `name`, `user.name`, or `sys.name`. */
  #property(first: string): Operand {
    if (this.#takes('(')) throw notImplemented(`${first}() in SQL filters`);
    const [scope, written] = this.#takes('.') ? [first.toLowerCase(), this.#next()] : ['user', first];
    const name = written.replace(/^\[|\]$/g, '');
    if (scope === 'user') return ({ properties }) => properties[name];
    const system = SYSTEM[name.toLowerCase()];
    if (scope !== 'sys' || system === undefined) throw notImplemented(`${scope}.${name} in SQL filters`);
    return system;
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined || UNSUPPORTED.test(token)) throw this.#wrong();
    this.#at += 1;
    return token;
  }

  #takes(word: string): boolean {
    if (this.#tokens[this.#at]?.toUpperCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #expect(word: string): void {
    if (!this.#takes(word)) throw this.#wrong();
  }

  #wrong(): Error {
    const token = this.#tokens[this.#at];
    if (token !== undefined && UNSUPPORTED.test(token)) return notImplemented(`${token} in SQL filters`);
    return badArgument(`The SQL filter "${this.#sql}" cannot be read at ${token ?? 'its end'}.`);
  }
}

/**
 * A filter in SQL's words. Properties without a prefix are application properties; `sys.Label` or `sys.Subject` is a
 * message's subject.
 * Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-filter
 * @throws ServiceBusError for what cannot be read; by name for `LIKE`, `EXISTS`, arithmetic and functions
 */
export const readSqlFilter = (sql: string): ((message: MessageContent) => boolean) => {
  const predicate = new Parser(sql).whole();
  return (message) => predicate(message) === true;
};

import { UsageFailure } from './failure.ts';

/** The words that templates and generated names are made of. */

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** `refund-order` to `RefundOrder`. */
export const pascal = (name: string): string => name.split('-').map(capital).join('');

/** `refund-order` to `refundOrder`. */
export const camel = (name: string): string => {
  const [first = '', ...rest] = name.split('-');
  return first + rest.map(capital).join('');
};

/** `refund-order` to `refund order`. */
export const words = (name: string): string => name.replaceAll('-', ' ');

/** `a payment`, `an order`. */
export const withArticle = (noun: string): string =>
  /^(?:[aeio]|u(?!ni|s[ae]|t[ie]))/.test(noun) ? `an ${noun}` : `a ${noun}`;

/** The plural of a regular English noun. */
export function plural(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** The singular of a regular English plural; `undefined` for a word that does not look like one. */
export function singular(noun: string): string | undefined {
  if (/[^aeiou]ies$/.test(noun)) return `${noun.slice(0, -3)}y`;
  if (/(?:ss|x|z|ch|sh)es$/.test(noun)) return noun.slice(0, -2);
  return /[^suia]s$|[^s]ues$/.test(noun) ? noun.slice(0, -1) : undefined;
}

/** Such a name is part of queues' names, which have at most 80 characters (AWS's quota for SQS). */
const longest = 24;

/**
 * @param what begins the message: `The name of a service`
 * @param max characters
 * @throws UsageFailure for anything but lower-case words that are joined by hyphens
 */
export function checkKebab(what: string, name: string, max = longest): string {
  if (!/^[a-z]+(-[a-z]+)*$/.test(name)) {
    throw new UsageFailure(
      `${what} is lower-case words joined by hyphens, such as gift-cards; "${name}" is not`,
    );
  }
  if (name.length > max) {
    throw new UsageFailure(`${what} has at most ${max} characters; "${name}" has ${name.length}`);
  }
  return name;
}

/** An event's name as its two words: `OrderPaid` is of an `order` that is `paid`. */
export interface EventWords {
  readonly aggregate: string;
  readonly happened: string;
}

/** @throws UsageFailure for a name that is not two capitalised words, as event types have them */
export function checkEventName(name: string): EventWords {
  const [, aggregate, happened] = /^([A-Z][a-z]+)([A-Z][a-z]+)$/.exec(name) ?? [];
  if (aggregate === undefined || happened === undefined) {
    throw new UsageFailure(
      `The name of an event is two capitalised words, the aggregate and what happened to it, such as OrderPaid; "${name}" is not`,
    );
  }
  return { aggregate: aggregate.toLowerCase(), happened: happened.toLowerCase() };
}

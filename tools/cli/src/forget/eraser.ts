import { erasedEmail, parse, parseJson } from '@orderly/contracts';
import { toMessageBody } from '@orderly/functions/messaging/message-body';
import { maskAddresses } from '@orderly/functions/observability/mask';
import * as v from 'valibot';

/** Who is forgotten. */
export interface Person {
  readonly customerId: string;
  /** Takes the place of the id: the same, unless the id is an address itself. */
  readonly pseudonym: string;
  /** Every address of theirs that is known. */
  readonly addresses: ReadonlySet<string>;
  /** Orders that go on, by id: their events still have to reach the customer. */
  readonly open: ReadonlySet<string>;
}

export interface Eraser {
  /** A customer as stored or published, without what identifies them. */
  customer<C extends object>(customer: C): C & { readonly id: string; readonly email: string };
  /** An event, or any other text, without it; as it was where it is about somebody else or an open order, or holds nothing. */
  text(text: string): string;
}

/** What callers note of an order as they like: it may name anybody. */
export const notes = ['reference', 'metadata'] as const;

/** Whether something is noted of an order, as stored or published. */
export const isNoted = (order: object): boolean => notes.some((name) => name in order);

const eventSchema = v.looseObject({
  id: v.string(),
  type: v.string(),
  data: v.looseObject({
    orderId: v.string(),
    customer: v.looseObject({ id: v.string(), email: v.string() }),
  }),
});

export function eraserOf({ customerId, pseudonym, addresses, open }: Person): Eraser {
  const known = patternOf(isAddress(customerId) ? [...addresses, customerId] : [...addresses]);
  const customer = <C extends object>(from: C) => ({ ...from, id: pseudonym, email: erasedEmail });
  const words = (text: string): string => (known === undefined ? text : text.replace(known, erasedEmail));
  return {
    customer,
    text(text) {
      const json = parseJson(text);
      const event = json.ok ? parse(eventSchema, json.value) : json;
      if (!event.ok) return words(text);
      const { data, ...envelope } = event.value;
      if (data.customer.id !== customerId || open.has(data.orderId)) return text;
      const erasedBefore = data.customer.email === erasedEmail && !isNoted(data);
      if (erasedBefore && pseudonym === customerId) return words(text);
      const { reference: _, metadata: __, ...order } = data;
      const erased = { ...envelope, data: { ...order, customer: customer(data.customer) } };
      return words(toMessageBody(erased));
    },
  };
}

export const isAddress = (text: string): boolean => maskAddresses(text) !== text;

/**
 * Whole addresses, in any case: `ann@example.com` is not the end of `joann@example.com`, nor of `o'ann@example.com` or
 * `jo&ann@example.com`; but it is all of `'ann@example.com'`, as mail servers quote it.
 */
function patternOf(addresses: readonly string[]): RegExp | undefined {
  const literals = addresses
    .filter((address) => address !== erasedEmail)
    .map((address) => address.replace(/[^\w@]/g, '\\$&'));
  if (literals.length === 0) return undefined;
  return new RegExp(`(?<![\\w.+&-]|[\\w.+&-]')(?:${literals.join('|')})(?![\\w-]|\\.\\w)`, 'gi');
}

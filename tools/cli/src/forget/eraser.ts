import { erasedEmail, parse, parseJson } from '@orderly/contracts';
import { toMessageBody } from '@orderly/functions/messaging/message-body';
import { maskAddresses } from '@orderly/functions/observability/mask';
import * as v from 'valibot';

/** Whom to erase. */
interface Person {
  readonly customerId: string;
  /** Replaces the id: the same, unless the id is an address itself. */
  readonly pseudonym: string;
  /** All their known addresses. */
  readonly addresses: ReadonlySet<string>;
  /** Ids of orders that can still change: their events have to reach the customer. */
  readonly open: ReadonlySet<string>;
}

const eventSchema = v.looseObject({
  id: v.string(),
  type: v.string(),
  data: v.looseObject({
    orderId: v.string(),
    customer: v.looseObject({ id: v.string(), email: v.string() }),
  }),
});

/**
 * A function that removes what identifies a customer from an event or any other text. It returns events about other
 * customers or about open orders as they are. `reference` and `metadata` go, too: callers may note anybody in them.
 */
export function eraserOf({ customerId, pseudonym, addresses, open }: Person): (text: string) => string {
  const known = patternOf(isAddress(customerId) ? [...addresses, customerId] : [...addresses]);
  const withoutAddresses = (text: string) => (known === undefined ? text : text.replace(known, erasedEmail));
  return (text) => {
    const json = parseJson(text);
    const event = json.outcome === 'valid' ? parse(eventSchema, json.value) : json;
    if (event.outcome === 'invalid') return withoutAddresses(text);
    const { data, ...envelope } = event.value;
    const { customer, reference, metadata, ...order } = data;
    if (customer.id !== customerId || open.has(data.orderId)) return text;
    const isNoted = reference !== undefined || metadata !== undefined;
    const isErased = customer.email === erasedEmail && customer.id === pseudonym && !isNoted;
    if (isErased) return withoutAddresses(text);
    const erased = {
      ...envelope,
      data: { ...order, customer: { ...customer, id: pseudonym, email: erasedEmail } },
    };
    return withoutAddresses(toMessageBody(erased));
  };
}

/** Whether a text holds an e-mail address. */
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

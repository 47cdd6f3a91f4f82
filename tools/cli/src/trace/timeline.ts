import { parse, parseJson } from '@orderly/contracts';
import * as v from 'valibot';
import { money } from '../money.ts';
import { plural } from '../plural.ts';
import type { StoredState } from './stored-state.ts';

/** Something that has happened to an order. */
export interface Moment {
  readonly time: string;
  readonly service: 'orders' | 'inventory' | 'notifications';
  readonly what: string;
  readonly detail: string;
  /** The event about it, where the item still holds that. */
  readonly event?: Readonly<v.InferOutput<typeof eventSchema>>;
}

const eventSchema = v.object({
  id: v.string(),
  type: v.string(),
  sequence: v.number(),
  correlationid: v.string(),
  causationid: v.string(),
});

/** The states of an order, in the order in which they can follow each other. */
const orderStates = [
  ['PLACED', 'placedAt'],
  ['CONFIRMED', 'confirmedAt'],
  ['REJECTED', 'rejectedAt'],
  ['CANCELLED', 'cancelledAt'],
  ['SHIPPED', 'shippedAt'],
] as const;

/** All that is known of an order, in time order. Of a reservation only the latest state is kept. */
export function timelineOf(state: StoredState): readonly Moment[] {
  const moments = [...orderMoments(state), ...reservationMoments(state), ...notificationMoments(state)];
  return moments.sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
}

function orderMoments({ order }: StoredState): readonly Moment[] {
  if (order === undefined) return [];
  const { customer, total, currency, lines } = order;
  const placed = `${plural(lines.length, 'line')}, ${money(total, currency)}, customer ${customer.id} ${maskEmail(customer.email)}`;
  return orderStates.flatMap(([what, field]) => {
    const time = order[field];
    if (time === undefined) return [];
    const moment = { time, service: 'orders' as const, what, detail: what === 'PLACED' ? placed : '' };
    return [{ ...moment, ...(what === order.status && eventIn(order.outbox)) }];
  });
}

function reservationMoments({ reservation }: StoredState): readonly Moment[] {
  if (reservation === undefined) return [];
  const { status, updatedAt, lines, shortages = [], outbox } = reservation;
  const short = shortages.map(
    ({ sku, requested, available }) => `${sku}: ${requested} wanted, ${available} there`,
  );
  const detail = short.length > 0 ? short.join('; ') : plural(lines.length, 'line');
  return [{ time: updatedAt, service: 'inventory', what: `stock ${status}`, detail, ...eventIn(outbox) }];
}

function notificationMoments({ notifications }: StoredState): readonly Moment[] {
  return notifications.map(({ kind, status, channel, attempts, reason, outbox, ...times }) => ({
    time: times.sentAt ?? times.failedAt ?? times.createdAt,
    service: 'notifications',
    what: `${kind} ${status}`,
    detail: `${channel}, ${plural(attempts, 'attempt')}${reason === undefined ? '' : `: ${reason}`}`,
    ...eventIn(outbox),
  }));
}

function eventIn(outbox?: { readonly events: readonly { readonly body: string }[] }): Pick<Moment, 'event'> {
  const json = parseJson(outbox?.events.at(-1)?.body ?? '');
  const event = json.outcome === 'valid' ? parse(eventSchema, json.value) : json;
  return event.outcome === 'valid' ? { event: event.value } : {};
}

/** `alice@example.com` as `a***@example.com`: enough to know it by, and not to write to it. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`;
}

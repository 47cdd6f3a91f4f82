import type { EndpointId } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { absent, atVersion } from '@orderly/functions/table/condition';
import { type Page, queryPage } from '@orderly/functions/table/page';
import { openTable } from '@orderly/functions/table/table';
import type { Delivery } from '../domain/delivery.ts';

/** A delivery as it is stored. */
export interface DeliveryItem extends Delivery {
  readonly pk: string;
  readonly sk: string;
  /** When DynamoDB removes it, in seconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * A delivery that waits, by when it is due. The delivery itself is the truth: it is always written first, so that a lost
 * pointer is written again, and one that is wrong is corrected where it is read.
 */
interface PointerItem {
  readonly pk: string;
  readonly sk: string;
  readonly expiresAt: number;
}

/** A delivery waits for an endpoint of this id, and is due since then. */
export interface Pointer {
  readonly endpointId: EndpointId;
  readonly eventId: string;
  readonly dueAt: string;
}

/** Deliveries are kept for 30 days: they hold personal data of the events. */
const keptSeconds = 30 * 24 * 60 * 60;

const env = environment({ TABLE_NAME: text });
const deliveries = openTable<DeliveryItem>(env.TABLE_NAME);
const pointers = openTable<PointerItem>(env.TABLE_NAME);

/** The partition of an endpoint's deliveries. */
export const deliveriesOf = (endpointId: EndpointId): string => `ENDPOINT#${endpointId}`;
const prefix = 'DELIVERY#';
const key = (endpointId: EndpointId, eventId: string) => ({
  pk: deliveriesOf(endpointId),
  sk: `${prefix}${eventId}`,
});
const pointerKey = ({ endpointId, eventId, dueAt }: Pointer) => ({
  pk: `DUE#${endpointId}`,
  sk: `${dueAt}#${eventId}`,
});

const expiryOf = ({ createdAt }: Delivery): number => Math.floor(Date.parse(createdAt) / 1000) + keptSeconds;

/** Writes a new delivery with its pointer, unless the endpoint had the event before. A repeat only repairs the pointer. */
export async function insertDelivery(delivery: Delivery): Promise<'inserted' | 'repeated'> {
  const written = await deliveries.put(toItem(delivery), absent);
  const present = written.outcome === 'refused' ? written.current : undefined;
  await point(present ?? delivery);
  return present === undefined ? 'inserted' : 'repeated';
}

/** Writes a delivery's next version with its pointer. @returns false when somebody else was faster; then nothing is written */
export async function saveDelivery(delivery: Delivery): Promise<boolean> {
  const written = await deliveries.put(toItem(delivery), atVersion(delivery.version - 1));
  if (written.outcome === 'written') await point(delivery);
  return written.outcome === 'written';
}

/** Makes a delivery that waits be found when it is due. */
export async function point(delivery: Delivery): Promise<void> {
  const { endpointId, eventId, nextAttemptAt: dueAt } = delivery;
  if (delivery.status !== 'PENDING' || dueAt === undefined) return;
  await pointers.put({ ...pointerKey({ endpointId, eventId, dueAt }), expiresAt: expiryOf(delivery) });
}

export const removePointer = (pointer: Pointer): Promise<void> => pointers.remove(pointerKey(pointer));

/** What is due at a time, the oldest first. */
export async function dueAt(endpointId: EndpointId, at: Date, limit: number): Promise<readonly Pointer[]> {
  const page = await queryPage<PointerItem>(env.TABLE_NAME, {
    partition: ['pk', `DUE#${endpointId}`],
    // "$" comes after "#", so that a pointer of this very millisecond is in it.
    upTo: ['sk', `${at.toISOString()}$`],
    limit,
  });
  return page.items.map((item) => toPointer(endpointId, item));
}

/** The delivery that is due first, also in the future. */
export async function firstDue(endpointId: EndpointId): Promise<Pointer | undefined> {
  const page = await queryPage<PointerItem>(env.TABLE_NAME, {
    partition: ['pk', `DUE#${endpointId}`],
    limit: 1,
  });
  const [item] = page.items;
  return item && toPointer(endpointId, item);
}

export async function findDelivery(endpointId: EndpointId, eventId: string): Promise<Delivery | undefined> {
  const item = await deliveries.get(key(endpointId, eventId));
  return item && toDelivery(item);
}

/** An endpoint's deliveries, by the ids of their events: newest first, as far as an id tells the time (UUIDv7). */
export async function listDeliveries(
  endpointId: EndpointId,
  limit: number,
  after: Readonly<Record<string, string>> | undefined,
): Promise<Page<Delivery>> {
  const page = await queryPage<DeliveryItem>(env.TABLE_NAME, {
    partition: ['pk', deliveriesOf(endpointId)],
    limit,
    after,
    descending: true,
  });
  return { ...page, items: page.items.map(toDelivery) };
}

function toItem(delivery: Delivery): DeliveryItem {
  return { ...delivery, ...key(delivery.endpointId, delivery.eventId), expiresAt: expiryOf(delivery) };
}

function toDelivery({ pk, sk, expiresAt, ...delivery }: DeliveryItem): Delivery {
  return delivery;
}

function toPointer(endpointId: EndpointId, { sk }: PointerItem): Pointer {
  const at = sk.indexOf('#');
  return { endpointId, dueAt: sk.slice(0, at), eventId: sk.slice(at + 1) };
}

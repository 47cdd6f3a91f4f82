import type { OutboxEvent } from '../postgres/publish.ts';
import { RefusedEventError } from './refused-event-error.ts';
import { ServiceError } from './service-error.ts';

export interface Broker {
  /** As much as is sent at once, unless one event alone is larger. */
  readonly maxBytes: number;
  /** How large an event is within a batch. */
  bytesOf(event: OutboxEvent): number;
  /** Sends a batch, all or none. */
  send(events: readonly OutboxEvent[]): Promise<void>;
  /** Whether it refuses a batch for what is in it, with a status other than 400 and 413. */
  isRefusal?(error: ServiceError, events: readonly OutboxEvent[]): boolean;
}

/**
 * Sends events in their order, in batches. A batch that the broker refuses is divided, until it takes the parts.
 *
 * @throws RefusedEventError for an event that it refuses alone: it has all events before it, and none behind it
 * @throws the broker's other errors
 */
export async function sendInOrder(events: readonly OutboxEvent[], broker: Broker): Promise<void> {
  for (const batch of batchesOf(events, broker)) await sendDivided(batch, broker);
}

function batchesOf(events: readonly OutboxEvent[], { maxBytes, bytesOf }: Broker): OutboxEvent[][] {
  const batches: OutboxEvent[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const event of events) {
    const size = bytesOf(event);
    if (bytes + size > maxBytes) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(event);
    bytes += size;
  }
  return batches;
}

async function sendDivided(events: readonly OutboxEvent[], broker: Broker): Promise<void> {
  try {
    await broker.send(events);
  } catch (error) {
    if (!(error instanceof ServiceError) || !isRefusal(error, events, broker)) throw error;
    const [event, ...more] = events;
    if (event !== undefined && more.length === 0) throw new RefusedEventError(event.id, { cause: error });
    const middle = Math.ceil(events.length / 2);
    await sendDivided(events.slice(0, middle), broker);
    await sendDivided(events.slice(middle), broker);
  }
}

const isRefusal = (error: ServiceError, events: readonly OutboxEvent[], broker: Broker): boolean =>
  error.status === 400 || error.status === 413 || broker.isRefusal?.(error, events) === true;

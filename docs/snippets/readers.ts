import {
  dispatcher,
  OrderCancelled,
  OrderConfirmed,
  on,
  parseEvent,
  SequenceGuard,
} from '@orderly/contracts';

// Passes each event to its handler, typed. Acknowledge a message when the promise resolves.
export const dispatch = dispatcher(
  on(OrderConfirmed, async ({ data }) => console.log(data.orderId, data.total, data.currency)),
  on(OrderCancelled, async ({ subject, sequence }) => console.log(subject, sequence)),
);

// Any event of the platform, as one union.
export function lineCount(message: string): number {
  const parsed = parseEvent(message);
  if (parsed.outcome === 'invalid') throw new Error(parsed.issues.map(({ path }) => path).join());
  return parsed.outcome === 'event' && 'lines' in parsed.event.data ? parsed.event.data.lines.length : 0;
}

// A standard queue delivers in any order and more than once: skip events that are not newer.
const guard = new SequenceGuard();
export const dispatchNewest = dispatcher(
  on(OrderCancelled, async (event) => {
    if (!guard.isNew(event)) return;
    console.log(event.data.cancelledAt);
    guard.handled(event);
  }),
);

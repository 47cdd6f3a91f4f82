import type { CloudEvent } from '@orderly/contracts';

/** An outbox as the services write it. */
export const outboxOf = (...events: readonly CloudEvent[]) => ({
  subject: events[0]?.subject,
  events: events.map((event) => ({ id: event.id, type: event.type, body: JSON.stringify(event) })),
});

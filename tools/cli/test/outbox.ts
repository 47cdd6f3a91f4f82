import { marshall } from '@aws-sdk/util-dynamodb';
import type { CloudEvent } from '@orderly/contracts';

/** An outbox as the services write it. */
export const outboxOf = (...events: readonly CloudEvent[]) => ({
  subject: events[0]?.subject,
  events: events.map((event) => ({ id: event.id, type: event.type, body: JSON.stringify(event) })),
});

/** The same, as DynamoDB and its streams hold it. */
export const marshalled = (outbox: ReturnType<typeof outboxOf>) => ({ M: marshall(outbox) });

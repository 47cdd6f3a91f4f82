import { randomUUID } from 'node:crypto';
import { type CloudEvent, eventName, OrderPlaced } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import type { DynamoDBRecord, SQSRecord } from 'aws-lambda';
import type { OutboxEntry } from '../src/messaging/outbox.ts';

/** A message as Lambda receives it from a queue; without a group, as from a standard queue. */
export function sqsRecord(body: unknown, group?: string, messageId: string = randomUUID()): SQSRecord {
  return {
    messageId,
    receiptHandle: 'receipt',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '2',
      SentTimestamp: '0',
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: '0',
      ...(group !== undefined && { MessageGroupId: group }),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:test-order-events--inventory.fifo',
    awsRegion: 'eu-central-1',
  };
}

/** An order's event with an id of its own, of the aggregate `subject`. */
export function orderEvent(subject: string, overrides: Partial<CloudEvent> = {}): CloudEvent {
  return { ...sampleEvent(OrderPlaced), id: randomUUID(), subject, ...overrides };
}

/** An event as the outbox holds it. */
export const entryOf = (event: CloudEvent): OutboxEntry => ({
  id: event.id,
  type: event.type,
  body: JSON.stringify(event),
});

/** A stream record of an item with these events in its outbox; all belong to the aggregate of the first. */
export function streamRecord(sequenceNumber: string, ...events: readonly CloudEvent[]): DynamoDBRecord {
  const entries = events.map(entryOf).map(({ id, type, body }) => ({
    M: { id: { S: id }, type: { S: type }, body: { S: body } },
  }));
  return {
    eventID: sequenceNumber,
    eventName: 'MODIFY',
    eventSource: 'aws:dynamodb',
    eventVersion: '1.1',
    awsRegion: 'eu-central-1',
    dynamodb: {
      SequenceNumber: sequenceNumber,
      StreamViewType: 'NEW_IMAGE',
      Keys: { pk: { S: 'ORDER#1' } },
      NewImage: {
        pk: { S: 'ORDER#1' },
        status: { S: eventName(events[0]?.type ?? '') },
        outbox: { M: { subject: { S: events[0]?.subject ?? '' }, events: { L: entries } } },
      },
    },
  };
}

import { randomBytes, randomUUID } from 'node:crypto';
import { OrderPlaced } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import type { DynamoDBRecord, DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import { sqsRecord, streamRecord } from '../../../../shared/functions/test/records.ts';

/** As the event sources of the services are set. */
export const messagesPerBatch = 10;
export const streamRecordsPerBatch = 100;

const lines = [
  {
    sku: '85123A',
    name: 'White hanging heart T-light holder',
    quantity: 6,
    unitPrice: 255,
    lineTotal: 1_530,
  },
  { sku: '71053', name: 'White metal lantern', quantity: 2, unitPrice: 339, lineTotal: 678 },
  { sku: '84406B', name: 'Cream cupid hearts coat hanger', quantity: 8, unitPrice: 275, lineTotal: 2_200 },
];

const hex = (bytes: number) => randomBytes(bytes).toString('hex');

/** An order of three lines was placed, in a trace; each is another one. */
function placed() {
  const orderId = randomUUID();
  return sampleEvent(OrderPlaced, {
    id: randomUUID(),
    correlationid: randomUUID(),
    causationid: randomUUID(),
    traceparent: `00-${hex(16)}-${hex(8)}-01`,
    data: { orderId, lines, total: 4_408 },
  });
}

function message() {
  const event = placed();
  return sqsRecord(event, event.subject);
}

/** It breaks its schema in one place. */
function badMessage() {
  const event = placed();
  return sqsRecord({ ...event, data: { ...event.data, total: -1 } }, event.subject);
}

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** A batch of a subscription, each message of an order of its own. */
export const goodMessages = (): SQSEvent => ({ Records: [...times(messagesPerBatch, message)] });

export const oneBadMessage = (): SQSEvent => ({
  Records: [...times(messagesPerBatch - 1, message), badMessage()],
});

/** A batch of a table's stream: one event in each outbox. */
export const publishedRecords = (): DynamoDBStreamEvent => ({
  Records: [...times(streamRecordsPerBatch, (index) => streamRecord(String(index), placed()))],
});

/** A batch of a table's stream with nothing to publish. */
export const otherRecords = (): DynamoDBStreamEvent => ({
  Records: publishedRecords().Records.map(withoutOutbox),
});

function withoutOutbox({ dynamodb, ...record }: DynamoDBRecord): DynamoDBRecord {
  const { outbox: _, ...NewImage } = dynamodb?.NewImage ?? {};
  return { ...record, dynamodb: { ...dynamodb, NewImage } };
}

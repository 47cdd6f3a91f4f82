import { OrderPlaced, on } from '@orderly/contracts';
import type { SQSRecord } from 'aws-lambda';
import { consume } from '../src/messaging/consume.ts';
import { orderEvent, sqsRecord } from './records.ts';

/** A consumer that records the events that it is given, as `<subject>:<sequence>`, and fails for those named. */
export function consumerFailingFor(...failing: readonly string[]) {
  const tried: string[] = [];
  const handler = consume(
    on(OrderPlaced, async ({ subject, sequence }) => {
      tried.push(`${subject}:${sequence}`);
      if (failing.includes(`${subject}:${sequence}`)) throw new Error('refused');
    }),
  );
  return { tried, handler };
}

/** `A:1` is the first event of the group A; its message has the same id. */
export function message(name: string, receives = 1): SQSRecord {
  const [group = '', sequence] = name.split(':');
  const record = sqsRecord(orderEvent(group, { sequence: Number(sequence) }), group, name);
  return { ...record, attributes: { ...record.attributes, ApproximateReceiveCount: String(receives) } };
}

/** Messages by name, each with how often it was received where that is not once. */
export const messages = (...all: readonly (string | readonly [string, number])[]) => ({
  Records: all.map((one) => (typeof one === 'string' ? message(one) : message(...one))),
});

/** The answer that names these messages. */
export const failed = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

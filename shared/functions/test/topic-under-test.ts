import { type CloudEvent, eventTypes } from '@orderly/contracts';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { publishOutbox } from '../src/messaging/publish-outbox.ts';
import { context } from './invocations.ts';
import { streamRecord } from './records.ts';
import { type Fault, Queue, SqsStandIn } from './sqs-stand-in.ts';

export const prefix = 'test-order-events--';
export const parkingName = 'test-dlq--order-events.fifo';

export interface TopicUnderTest {
  standIn: SqsStandIn;
  /** The topic's dead-letter queue. */
  parking: Queue;
  publish: Publisher;
}

type Publisher = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

/** A new publisher, which has not looked up subscriptions yet. */
export function newPublisher(): Publisher {
  const handler = publishOutbox({ topic: 'order-events', eventTypes: eventTypes['order-events'] });
  return (event) => handler(event, context);
}

/** A topic without subscriptions, with its publisher and dead-letter queue, new before each test. */
export function topicUnderTest(): TopicUnderTest {
  const unchanged = { ...process.env };
  // Replaced before each test.
  const topic: TopicUnderTest = {
    standIn: new SqsStandIn(),
    parking: new Queue('', {}),
    publish: newPublisher(),
  };
  beforeEach(async () => {
    topic.standIn = new SqsStandIn();
    process.env.AWS_ENDPOINT_URL_SQS = await topic.standIn.start();
    topic.parking = topic.standIn.create(parkingName);
    topic.publish = newPublisher();
  });
  afterEach(async () => {
    process.env = { ...unchanged };
    jest.restoreAllMocks();
    await topic.standIn.stop();
  });
  return topic;
}

type Entry = { readonly MessageBody?: string | undefined };

/** The publisher's answer when all records are done, and when the stream has to retry from one. */
export const all = { batchItemFailures: [] };
export const from = (itemIdentifier: string) => ({ batchItemFailures: [{ itemIdentifier }] });

export const ids = (...events: readonly CloudEvent[]) => events.map(({ id }) => id);
export const bodyOf = ({ MessageBody = '' }: Entry) => JSON.parse(MessageBody);

export const permanently = { Code: 'InvalidParameterValue', Message: 'too long', SenderFault: true };
export const forNow = { Code: 'InternalError', Message: 'later', SenderFault: false };

/** Fails whole calls. */
export const throwing = (fault: Fault) => () => {
  throw fault;
};

/** Refuses one event only. */
export const refusing =
  <T>(event: CloudEvent, refusal: T) =>
  (entry: Entry) =>
    bodyOf(entry).id === event.id && refusal;

/** Stream records 1, 2, ... with one event each. */
export const recordsOf = (...events: readonly CloudEvent[]) =>
  events.map((event, index) => streamRecord(String(index + 1), event));

import type { CloudEvent } from '@orderly/contracts';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { publishOutbox } from '../src/messaging/publish-outbox.ts';
import { context } from './invocations.ts';
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

/** A new publisher, which has looked up no subscription yet. */
export function newPublisher(): Publisher {
  const handler = publishOutbox({ topic: 'order-events' });
  return (event) => handler(event, context);
}

/** A topic without subscriptions, its publisher and its dead-letter queue: new ones before each test. */
export function topicUnderTest(): TopicUnderTest {
  const unchanged = { ...process.env };
  // Nobody reaches these: the first test begins with others.
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

/** What the publisher answers when everything is done, and when the stream shall come again from a record. */
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

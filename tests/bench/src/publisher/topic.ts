import {
  type SendMessageBatchRequestEntry as Entry,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { eventTypes } from '@orderly/contracts';
import { fullBatches, inOrder } from '@orderly/functions/aws/publishing/full-batches';
import type { OutboxMessage } from '@orderly/functions/aws/publishing/outbox-message';
import { outboxMessagesOf } from '@orderly/functions/aws/publishing/outbox-message';
import { topicPublisher } from '@orderly/functions/aws/publishing/topic-publisher';
import { inParallel } from '@orderly/support/parallel';
import { Queues } from '@orderly/support/queues';
import type { DynamoDBRecord } from 'aws-lambda';
import { orderChanges } from '../../../../shared/functions/test/order-changes.ts';
import { streamRecord } from '../../../../shared/functions/test/records.ts';

/** As the event source of the publishers is set. */
const recordsPerBatch = 100;

export interface Round {
  readonly seconds: number;
  /** SendMessageBatch, to all subscriptions. */
  readonly requests: number;
}

/** A topic with some subscriptions, which get the same events from our publisher and from the bare client. */
export class Topic {
  readonly #queues: Queues;
  readonly #queueUrls: readonly string[];
  readonly #publish: ReturnType<typeof topicPublisher>;

  static async create(sqs: SQSClient, subscriptions: number): Promise<Topic> {
    const queues = new Queues(sqs, `bench${subscriptions}`);
    const names = Array.from({ length: subscriptions }, (_, index) => `order-events--reader${index}.fifo`);
    return new Topic(queues, await inParallel(names, 1, (name) => queues.create(name)));
  }

  private constructor(queues: Queues, queueUrls: readonly string[]) {
    this.#queues = queues;
    this.#queueUrls = queueUrls;
    this.#publish = topicPublisher(queues.sqs, {
      topic: 'order-events',
      eventTypes: eventTypes['order-events'],
      stage: queues.stage,
      extraUrls: [],
      ttlMs: 3_600_000,
    });
  }

  /** Our publisher: one batch of the table's stream after the other. */
  async publish(events: number): Promise<Round> {
    const batches = streamBatches(events);
    return this.#measure(events, async () => {
      for (const batch of batches) {
        const { failed, parked } = await this.#publish(batch.flatMap(outboxMessagesOf));
        if (failed.length + parked.length > 0) throw new Error('An event was not published');
      }
    });
  }

  /**
   * The bare client: the same requests, which are there already; each waits only for those that hold an event of one
   * of its aggregates, or for none.
   */
  async send(events: number, { ordered }: { readonly ordered: boolean }): Promise<Round> {
    const batches = streamBatches(events).map((batch) => requestsOf(batch.flatMap(outboxMessagesOf)));
    const sendAll = ordered ? inOrder : sideBySide;
    return this.#measure(events, async () => {
      for (const requests of batches) {
        await Promise.all(
          this.#queueUrls.map((QueueUrl) =>
            sendAll([...requests.keys()], async (request) => {
              await this.#queues.sqs.send(
                new SendMessageBatchCommand({ QueueUrl, Entries: requests.get(request) }),
              );
            }),
          ),
        );
      }
    });
  }

  async remove(): Promise<void> {
    for (const url of this.#queueUrls) await this.#queues.delete(url);
  }

  async #measure(events: number, work: () => Promise<void>): Promise<Round> {
    const counting = countRequests(this.#queues.sqs);
    const from = performance.now();
    await work();
    const seconds = (performance.now() - from) / 1000;
    const requests = counting.end();
    for (const url of this.#queueUrls) await this.#empty(url, events);
    return { seconds, requests };
  }

  /** @throws Error when not every event is there */
  async #empty(url: string, events: number): Promise<void> {
    const { waiting } = await this.#queues.depth(url);
    if (waiting !== events) throw new Error(`${waiting} of ${events} events are in ${url}`);
    await this.#queues.drain(url);
  }
}

/** Events of their own, as a queue takes an event once only. */
function streamBatches(count: number): readonly (readonly DynamoDBRecord[])[] {
  const records = orderChanges(count).map((event, index) => streamRecord(String(index), event));
  return Array.from({ length: Math.ceil(count / recordsPerBatch) }, (_, index) =>
    records.slice(index * recordsPerBatch, (index + 1) * recordsPerBatch),
  );
}

/** The entries of each request that our publisher would make, too. */
function requestsOf(messages: readonly OutboxMessage[]): ReadonlyMap<readonly OutboxMessage[], Entry[]> {
  return new Map(fullBatches(messages).map((batch) => [batch, batch.map(entryOf)]));
}

function entryOf({ body, group, deduplicationId }: OutboxMessage, index: number): Entry {
  return {
    Id: String(index),
    MessageBody: body,
    MessageGroupId: group,
    MessageDeduplicationId: deduplicationId,
  };
}

const sideBySide: typeof inOrder = async (batches, send) => {
  await Promise.all(batches.map(send));
};

function countRequests(sqs: SQSClient): { end(): number } {
  let requests = 0;
  const name = 'countRequests';
  sqs.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === SendMessageBatchCommand.name) requests += 1;
        return next(args);
      },
    { step: 'initialize', name },
  );
  return {
    end: () => {
      sqs.middlewareStack.remove(name);
      return requests;
    },
  };
}

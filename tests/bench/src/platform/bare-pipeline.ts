import { setTimeout as pause } from 'node:timers/promises';
import { NotificationSent, OrderConfirmed } from '@orderly/contracts';
import type { TestEmulators } from '@orderly/local/testing';
import type { CallPlan, OrderValues, PlannedCall } from './call-plan.ts';
import { EmulatorApi, EmulatorError } from './emulator-api.ts';
import { pollQueue } from './queue-loop.ts';
import { readStreams } from './stream-loop.ts';
import { skuOf } from './workload.ts';

/** An order of the bare pipeline, and when it was confirmed and notified. */
export interface BareOrder {
  readonly values: OrderValues;
  confirmedAt?: number;
  notifiedAt?: number;
}

/** SQS takes 10 messages a request. */
const BATCH = 10;

interface OutboxImage {
  readonly M: {
    readonly subject: { readonly S: string };
    readonly events: {
      readonly L: readonly { readonly M: Readonly<Record<string, { readonly S: string }>> }[];
    };
  };
}

/**
 * Makes the platform's database and queue calls for orders without any code of the platform: what a consumer or a
 * publisher would do is looked up in the plan.
 */
export class BarePipeline {
  readonly #plan: CallPlan;
  readonly #dynamodb: EmulatorApi;
  readonly #sqs: EmulatorApi;
  readonly #streams: EmulatorApi;
  readonly #stopping = new AbortController();
  readonly #orders = new Map<string, BareOrder>();
  readonly #failed = new AbortController();
  #loops: Promise<unknown> = Promise.resolve();
  #next = 0;

  constructor(plan: CallPlan, emulators: TestEmulators) {
    this.#plan = plan;
    this.#dynamodb = new EmulatorApi(emulators.dynamodb, 'DynamoDB');
    this.#streams = new EmulatorApi(emulators.dynamodb, 'Streams');
    this.#sqs = new EmulatorApi(emulators.sqs, 'SQS');
  }

  /** Aborted, with the reason, when a loop has failed. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Resolves when every stream and queue is being read. */
  async start(): Promise<void> {
    const { signal } = this.#stopping;
    const queues = new Set([...this.#plan.targets.values()].flat());
    const reading = await readStreams(this.#streams, signal, (images) => this.#publish(images));
    const fail = (error: unknown): void => {
      if (!signal.aborted) this.#failed.abort(error);
    };
    const polling = [...queues].map((url) =>
      pollQueue(this.#sqs, url, { signal, handle: (body) => this.#consume(url, body), fail }),
    );
    this.#loops = Promise.all([reading.done, ...polling]).catch(fail);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loops;
    for (const api of [this.#dynamodb, this.#streams, this.#sqs]) api.close();
  }

  async place(): Promise<BareOrder> {
    const values = this.#plan.valuesOf(skuOf(this.#next++));
    const order = { values };
    this.#orders.set(values[0], order);
    await this.#make(this.#plan.place, order);
    return order;
  }

  async #make(calls: readonly PlannedCall[], { values }: BareOrder): Promise<void> {
    for (const { operation, body } of calls) await this.#write(operation, body.render(values));
  }

  /** What meets another transaction is made again, as the platform would. */
  async #write(operation: string, body: string): Promise<void> {
    for (;;) {
      try {
        await this.#dynamodb.call(operation, body);
        return;
      } catch (error) {
        if (!(error instanceof EmulatorError && error.isConflict)) throw error;
        await pause(Math.random() * BATCH);
      }
    }
  }

  async #publish(images: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    const entries = images.flatMap(({ outbox }) => entriesOf(outbox as OutboxImage | undefined));
    const byQueue = new Map<string, Entry[]>();
    for (const entry of entries) {
      for (const url of this.#plan.targets.get(entry.type) ?? []) {
        byQueue.set(url, [...(byQueue.get(url) ?? []), entry]);
      }
    }
    await Promise.all(
      [...byQueue].flatMap(([url, all]) => chunks(all).map((chunk) => this.#send(url, chunk))),
    );
  }

  async #send(QueueUrl: string, entries: readonly Entry[]): Promise<void> {
    const fifo = QueueUrl.endsWith('.fifo');
    const Entries = entries.map(({ id, group, body }, index) => ({
      Id: String(index),
      MessageBody: body,
      ...(fifo && { MessageGroupId: group, MessageDeduplicationId: id }),
    }));
    await this.#sqs.call('SendMessageBatch', JSON.stringify({ QueueUrl, Entries }));
  }

  async #consume(queueUrl: string, body: string): Promise<void> {
    const { type, data } = JSON.parse(body) as {
      readonly type: string;
      readonly data: { readonly orderId: string };
    };
    const order = this.#orders.get(data.orderId);
    // The recorded order's own events may still be there.
    if (order === undefined) return;
    if (queueUrl.endsWith('.fifo')) {
      // The plan has the calls of all consumers of an event together: the first queue that gets it stands for the others.
      const first = this.#plan.targets.get(type)?.find((url) => url.endsWith('.fifo'));
      if (queueUrl === first) await this.#make(this.#plan.consume.get(type) ?? [], order);
      return;
    }
    if (type === OrderConfirmed.type) order.confirmedAt = Date.now();
    if (type === NotificationSent.type) order.notifiedAt = Date.now();
  }
}

interface Entry {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  readonly group: string;
}

function entriesOf(outbox: OutboxImage | undefined): readonly Entry[] {
  if (outbox === undefined) return [];
  const { subject, events } = outbox.M;
  return events.L.map(({ M }) => ({
    id: M.id?.S ?? '',
    type: M.type?.S ?? '',
    body: M.body?.S ?? '',
    group: subject.S,
  }));
}

const chunks = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / BATCH) }, (_, at) => all.slice(at * BATCH, (at + 1) * BATCH));

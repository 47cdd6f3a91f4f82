import type { StreamWrite } from '@orderly/aws/dynamodb/service';
import type { MessageChange } from '@orderly/aws/sqs/observation';
import { type ImageRecord, outboxMessagesOf } from '@orderly/functions/aws/publishing/outbox-message';
import type { EventEntry, LogEntry, SpanEntry } from '../api.ts';
import { EventHistory } from './event-history.ts';
import { type Invocation, InvocationHistory } from './invocation-history.ts';
import { ItemHistory } from './item-history.ts';
import { LogHistory } from './log-history.ts';
import { OrderFigures } from './order-figures.ts';
import { Ring } from './ring.ts';
import { SpanHistory } from './span-history.ts';

const QUEUES = 1_000;

/** Everything that this run of the platform has done, as far back as fits into bounded buffers. */
export class Recorder {
  readonly events: EventHistory;
  readonly logs: LogHistory;
  readonly spans = new SpanHistory();
  readonly invocations = new InvocationHistory();
  readonly items = new ItemHistory();
  readonly figures = new OrderFigures();
  /** How many messages each queue got, by second since the epoch. */
  readonly #sent = new Ring<Ring<number>>(QUEUES);

  /** @param functionName how functions are called here, by their service and the name in its log lines */
  constructor(
    stage: string,
    topics: readonly string[],
    functionName: (service: string, name: string) => string = (_, name) => name,
  ) {
    this.logs = new LogHistory(functionName);
    this.events = new EventHistory(stage, topics);
  }

  message(change: Omit<MessageChange, 'attributes'>, at = Date.now()): void {
    this.events.note(change, at, this.#published(at));
    if (change.what !== 'sent') return;
    const second = String(Math.floor(at / 1000));
    const sent = this.#sent.get(change.queue) ?? new Ring<number>(60);
    sent.set(second, (sent.get(second) ?? 0) + 1);
    this.#sent.set(change.queue, sent);
  }

  sentLastMinute(queue: string, now = Date.now()): number {
    const last = Math.floor(now / 1000);
    const sent = this.#sent.get(queue);
    return Array.from({ length: 60 }, (_, ago) => sent?.get(String(last - ago)) ?? 0).reduce((a, b) => a + b);
  }

  write(write: StreamWrite, at = Date.now()): void {
    this.items.add(write, at);
    for (const record of write.records as readonly ImageRecord[])
      for (const { body } of outboxMessagesOf(record)) this.events.written(body, at, this.#published(at));
  }

  /** An event that a topic has taken, whether anybody subscribes or not. */
  published(body: string, at = Date.now()): void {
    this.events.written(body, at, this.#published(at));
  }

  #published(at: number): (event: EventEntry) => void {
    return ({ type, subject }) => this.figures.published(type, subject, at);
  }

  span(span: SpanEntry): void {
    this.spans.add(span);
  }

  invocation(invocation: Invocation): void {
    this.invocations.add(invocation);
  }

  /** A line of a service's output that is no span. */
  line(service: string, line: string, at = Date.now()): LogEntry {
    return this.logs.add(service, line, at);
  }
}

import type { MessageChange } from '@orderly/aws/sqs/observation';
import { eventName, eventTypes, parse, parseJson } from '@orderly/contracts';
import * as v from 'valibot';
import type { Delivery, EventEntry } from '../api.ts';
import { Changes } from './changes.ts';
import { readQueueName } from './queue-name.ts';
import { Ring } from './ring.ts';

const envelope = v.object({
  id: v.string(),
  type: v.string(),
  source: v.optional(v.string()),
  subject: v.optional(v.string(), ''),
  sequence: v.optional(v.number()),
  correlationid: v.optional(v.string()),
  traceparent: v.optional(v.string()),
});

/** An entry with what its search needs. */
export interface RecordedEvent extends EventEntry {
  readonly traceId: string | undefined;
}

const STATES: Readonly<Partial<Record<MessageChange['what'], Delivery['state']>>> = {
  sent: 'waiting',
  received: 'in-flight',
  returned: 'waiting',
  deleted: 'taken',
  'dead-lettered': 'dead',
};

const topics = new Map(
  Object.entries(eventTypes).flatMap(([topic, types]) =>
    types.map((type): [string, string] => [type, topic]),
  ),
);
const topicOf = (type: string): string | undefined => topics.get(type);

/** Every event that was written in this run, with what its subscribers did with it. */
export class EventHistory {
  readonly #stage: string;
  readonly #topics: readonly string[];
  readonly #events: Ring<RecordedEvent>;
  /** By queue and message, which event it carries. */
  readonly #messages: Ring<string>;
  readonly changes = new Changes<EventEntry>(250);

  constructor(stage: string, topics: readonly string[], limit = 5_000) {
    this.#stage = stage;
    this.#topics = topics;
    this.#events = new Ring(limit);
    this.#messages = new Ring(4 * limit);
  }

  get(id: string): RecordedEvent | undefined {
    return this.#events.get(id);
  }

  newestFirst(): readonly RecordedEvent[] {
    return this.#events.newestFirst();
  }

  /**
   * An event in the outbox of an item: its topic publishes it, whether anybody subscribes or not.
   *
   * @param onNew called with an event that is not known yet
   */
  written(body: string, at: number, onNew: (event: EventEntry) => void = () => undefined): void {
    this.#begin(body, topicOf, at, onNew);
  }

  /** @param onNew called with an event that is not known yet */
  note(
    { what, queue, messageId, body, receiveCount }: Omit<MessageChange, 'attributes'>,
    at: number,
    onNew: (event: EventEntry) => void = () => undefined,
  ): void {
    const { kind, topic, consumer } = readQueueName(this.#stage, queue, this.#topics);
    if (kind !== 'subscription' || topic === undefined || consumer === undefined) return;
    const message = `${queue} ${messageId}`;
    const id = what === 'sent' ? this.#begin(body, () => topic, at, onNew) : this.#messages.get(message);
    const entry = id === undefined ? undefined : this.#events.get(id);
    const state = STATES[what];
    if (id === undefined || entry === undefined || state === undefined) return;
    if (what === 'sent') this.#messages.set(message, id);
    else if (state === 'taken' || state === 'dead') this.#messages.delete(message);
    const delivery = { queue, consumer, state, receives: receiveCount, at };
    const isKnown = entry.deliveries.some((other) => other.queue === queue);
    this.#save({
      ...entry,
      deliveries: isKnown
        ? entry.deliveries.map((other) => (other.queue === queue ? delivery : other))
        : [...entry.deliveries, delivery],
    });
  }

  /** @returns the event's id; undefined for what is no event */
  #begin(
    body: string,
    topicFor: (type: string) => string | undefined,
    at: number,
    onNew: (event: EventEntry) => void,
  ): string | undefined {
    const json = parseJson(body);
    const read = json.outcome === 'valid' ? parse(envelope, json.value) : json;
    if (json.outcome !== 'valid' || read.outcome !== 'valid') return undefined;
    const { id, type, source, subject, sequence, correlationid, traceparent } = read.value;
    const topic = topicFor(type);
    if (topic === undefined) return undefined;
    if (this.#events.get(id) === undefined) {
      const entry: RecordedEvent = {
        id,
        at,
        topic,
        type: eventName(type),
        subject,
        deliveries: [],
        event: json.value,
        ...(sequence !== undefined && { sequence }),
        ...(source !== undefined && { publisher: source.replace(/^orderly\//, '') }),
        ...(correlationid !== undefined && { correlationId: correlationid }),
        traceId: traceparent?.split('-')[1],
      };
      this.#save(entry);
      onNew(entry);
    }
    return id;
  }

  #save(entry: RecordedEvent): void {
    this.#events.set(entry.id, entry);
    this.changes.add(entry.id, entry);
  }
}

/** Whether an event has failed for a subscriber, or fails at present. */
export const isFailing = ({ deliveries }: EventEntry): boolean =>
  deliveries.some(({ state, receives }) => state === 'dead' || (state !== 'taken' && receives > 1));

import type { JsonObject } from '@orderly/aws/protocol/service';
import { type Finding, found, type Harm } from '@orderly/support/verdict';
import type { ApiAnswer } from '../world/conditions.ts';
import { STAGE } from '../world/stack.ts';
import type { World } from '../world/world.ts';
import { type Image, number, text } from './image.ts';
import { StockLevels } from './stock-levels.ts';

/** For so long a FIFO queue drops what it has taken before. */
const DEDUPLICATION_MICROS = 300e6;
/** After that long every read finds a product. */
const STALE_MICROS = 60e6;
/** A write takes so long at most after its function has looked at the clock. */
const WRITE_MS = 500;
/** This one wants every event, and nothing happens to it. */
const JUDGE = '--judge.fifo';

interface Envelope {
  readonly id: string;
  readonly subject: string;
  readonly sequence: number;
  readonly time: string;
}

/** What must hold at every moment. It looks at each write and each message when it happens. */
export class Watch {
  readonly findings: Finding[] = [];
  /** `<queue> <aggregate>` where an event for the queue was dead-lettered: what is put back comes late, or again. */
  readonly deadLettered = new Set<string>();
  /** Requests to place an order that were answered with 429 or 5xx. */
  failedOrders = 0;
  /** Called with each finding. */
  onFinding: (finding: Finding) => void = () => undefined;
  readonly #world: World;
  readonly #clockSkewMs: number;
  /** Event ids by the item whose write has brought them. */
  readonly #eventIds = new Map<string, string>();
  readonly #versions = new Map<string, number>();
  /** By queue and aggregate: the sequences that have arrived. */
  readonly #arrived = new Map<string, Set<number>>();
  /** By queue and event: when it was taken, in microseconds. */
  readonly #taken = new Map<string, number>();
  /** Events that were written and not sent yet: since when, in microseconds, and in which table. */
  readonly #unsent = new Map<string, { readonly since: number; readonly table: string }>();
  /** Since when queues that were made again get everything. */
  readonly #renewed = new Map<string, string>();
  /** Since when the orders service has a product, in microseconds. */
  readonly #knownSince = new Map<string, number>();
  readonly #images = new Map<string, Image>();
  readonly #stockLevels = new StockLevels();

  constructor(world: World) {
    this.#world = world;
    this.#clockSkewMs = world.faults.clockSkewMs;
    world.dynamodb.onStreamWrite(({ tableName, records }) => {
      for (const record of records) this.#write(tableName, record);
    });
    world.onAnswer = (answer) => this.#answer(answer);
    world.sqs.onMessage(({ what, queue, messageId, body, attributes, receiveCount }) => {
      world.history.add(
        'message',
        `${what} ${queue} ${messageId} ${receiveCount} ${what === 'sent' ? body : ''}`,
      );
      if (what !== 'sent') return;
      if (queue.includes('-dlq--')) this.#deadLetter(queue, body, attributes.get('target')?.value);
      else if (queue.endsWith('.fifo') && !queue.endsWith('--replayed.fifo')) this.#sent(queue, body);
    });
  }

  /** Finds events of a service that were written that long ago, in milliseconds, and that have reached nobody. */
  late(service: string, ms: number): void {
    const before = this.#world.scheduler.micros - ms * 1000;
    for (const [id, { since, table }] of this.#unsent)
      if (table === `${STAGE}-${service}` && since < before)
        this.#find('late', `${table} holds the event ${id} for more than ${ms} ms, and nobody has got it`);
  }

  /** A queue was made again. @param from since when it must get everything, in order; what is older may come */
  renewed(queue: string, from: string): void {
    this.#renewed.set(queue, from);
  }

  #answer({ request, status, body }: ApiAnswer): void {
    if (request !== 'POST /orders' || status < 400) return;
    if (status === 429 || status >= 500) this.failedOrders++;
    const [, unknown = ''] = /"Unknown SKU: ([^"]+)"/.exec(body) ?? [];
    const { micros } = this.#world.scheduler;
    for (const sku of unknown.split(', ')) {
      const since = this.#knownSince.get(sku) ?? micros;
      if (micros - since > STALE_MICROS)
        this.#find(
          'inconsistent',
          `${sku} is unknown to an order ${(micros - since) / 1000} ms after it came`,
        );
    }
  }

  #find(harm: Harm, what: string): void {
    const finding = found(harm, `${what} (step ${this.#world.scheduler.steps})`);
    this.findings.push(finding);
    this.onFinding(finding);
  }

  #write(table: string, record: JsonObject): void {
    const { Keys, NewImage } = record.dynamodb as { readonly Keys: Image; readonly NewImage?: Image };
    this.#world.history.add('write', `${table} ${JSON.stringify(NewImage ?? Keys)}`);
    if (NewImage === undefined) return;
    const key = `${table} ${Object.values(Keys)
      .map(({ S }) => S)
      .join(' ')}`;
    if (NewImage.onHand !== undefined) this.#stock(key, NewImage);
    const sku = text(NewImage, 'sku');
    if (table === `${STAGE}-orders` && sku !== '' && !this.#knownSince.has(sku))
      this.#knownSince.set(sku, this.#world.scheduler.micros);
    this.#version(key, NewImage);
    for (const { M = {} } of NewImage.outbox?.M?.events?.L ?? []) this.#eventOf(table, key, text(M, 'id'));
    const { micros } = this.#world.scheduler;
    for (const unseen of this.#stockLevels.write(micros, NewImage)) this.#find('inconsistent', unseen);
    if (table === `${STAGE}-notifications`) this.#attempt(key, NewImage);
  }

  /** Each mail has one attempt at a time, and only SES gives up on it. */
  #attempt(key: string, image: Image): void {
    const before = this.#images.get(key);
    this.#images.set(key, image);
    const id = text(image, 'notificationId');
    if (text(image, 'status') === 'FAILED' && !this.#world.mail.refused.has(`<${id}@orderly>`))
      this.#find('lost', `Notification ${id} is FAILED, and SES has not refused its mail`);
    if (before === undefined || text(before, 'attemptId') === text(image, 'attemptId')) return;
    if (text(before, 'status') !== 'PENDING') return;
    const leftMs = Date.parse(text(before, 'attemptEndsAt')) - this.#world.scheduler.now();
    // Only the clock of the attempt that begins decides whether the other one has ended.
    if (leftMs > this.#clockSkewMs + WRITE_MS)
      this.#find(
        'doubled',
        `Notification ${id}: an attempt begins ${leftMs} ms before another one has to end`,
      );
  }

  #stock(key: string, image: Image): void {
    const [onHand, reserved, available] = ['onHand', 'reserved', 'available'].map((name) =>
      number(image, name),
    );
    const levels = `onHand ${onHand}, reserved ${reserved}, available ${available}`;
    if (Math.min(Number(onHand), Number(reserved), Number(available)) < 0)
      this.#find('oversold', `${key} is below zero: ${levels}`);
    if (onHand !== Number(reserved) + Number(available))
      this.#find('inconsistent', `${key}: onHand is not reserved + available: ${levels}`);
  }

  /** Two writes from one version are one write lost. */
  #version(key: string, image: Image): void {
    if (image.version === undefined) return;
    const [before, version] = [this.#versions.get(key), number(image, 'version')];
    this.#versions.set(key, version);
    if (before !== undefined && version <= before && image.outbox !== undefined)
      this.#find('doubled', `${key} was written as version ${version}, and it had version ${before}`);
  }

  /** Each write has its own events, or one would be published again. */
  #eventOf(table: string, key: string, id: string): void {
    if (this.#eventIds.has(id)) this.#find('doubled', `Two writes of ${key} hold the event ${id}`);
    this.#eventIds.set(id, key);
    this.#unsent.set(id, { since: this.#world.scheduler.micros, table });
  }

  /** @param target the URL of the queue that a publisher has not reached */
  #deadLetter(queue: string, body: string, target: unknown): void {
    const source = typeof target === 'string' ? target.split('/').at(-1) : queue.replace('-dlq--', '-');
    this.deadLettered.add(`${source} ${envelopeOf(body)?.subject}`);
  }

  #sent(queue: string, body: string): void {
    const envelope = envelopeOf(body);
    if (envelope === undefined || envelope.time <= (this.#renewed.get(queue) ?? '')) return;
    const { id, subject, sequence } = envelope;
    const key = `${queue} ${subject}`;
    if (queue.endsWith(JUDGE)) this.#unsent.delete(id);
    this.#again(queue, key, id);
    const arrived = this.#arrived.get(key) ?? new Set();
    this.#arrived.set(key, arrived);
    // What comes again, after the time of deduplication or from a dead-letter queue, is no news.
    if (!arrived.has(sequence) && !this.deadLettered.has(key) && sequence < Math.max(0, ...arrived))
      this.#find('out of order', `${queue}: ${subject} ${sequence} came after ${Math.max(...arrived)}`);
    arrived.add(sequence);
  }

  /** A FIFO queue takes an event once in five minutes, unless it was dead-lettered and put back. */
  #again(queue: string, key: string, id: string): void {
    const { micros } = this.#world.scheduler;
    const before = this.#taken.get(`${queue} ${id}`);
    if (before === undefined) this.#taken.set(`${queue} ${id}`, micros);
    if (before === undefined || this.deadLettered.has(key) || micros - before >= DEDUPLICATION_MICROS) return;
    this.#find('doubled', `${queue} has taken the event ${id} again after ${(micros - before) / 1000} ms`);
  }
}

function envelopeOf(body: string): Envelope | undefined {
  try {
    const { id, subject, sequence, time } = Object(JSON.parse(body)) as Partial<Envelope>;
    if (typeof id !== 'string' || typeof subject !== 'string') return undefined;
    if (typeof sequence !== 'number' || typeof time !== 'string') return undefined;
    return { id, subject, sequence, time };
  } catch {
    return undefined;
  }
}

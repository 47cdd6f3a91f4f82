import type { JsonObject } from '@orderly/aws/protocol/service';
import { type Finding, found, type Harm } from '@orderly/support/verdict';
import type { World } from '../world/world.ts';

interface Value {
  readonly S?: string;
  readonly N?: string;
  readonly L?: readonly Value[];
  readonly M?: Readonly<Record<string, Value>>;
}

type Image = Readonly<Record<string, Value>>;

const text = (image: Image, name: string): string => image[name]?.S ?? '';
const number = (image: Image, name: string): number => Number(image[name]?.N);

interface Envelope {
  readonly id: string;
  readonly subject: string;
  readonly sequence: number;
}

/** What must hold at every moment. It looks at each write and each message when it happens. */
export class Watch {
  readonly findings: Finding[] = [];
  /** Aggregates of which an event was dead-lettered: what is put back comes late. */
  readonly deadLettered = new Set<string>();
  readonly #world: World;
  /** Event ids by the item whose write has brought them. */
  readonly #eventIds = new Map<string, string>();
  readonly #versions = new Map<string, number>();
  /** By queue and aggregate: the sequences that have arrived. */
  readonly #arrived = new Map<string, Set<number>>();

  constructor(world: World) {
    this.#world = world;
    world.dynamodb.onStreamWrite(({ tableName, records }) => {
      for (const record of records) this.#write(tableName, record);
    });
    world.sqs.onMessage(({ what, queue, messageId, body, receiveCount }) => {
      world.history.add(
        'message',
        `${what} ${queue} ${messageId} ${receiveCount} ${what === 'sent' ? body : ''}`,
      );
      if (what !== 'sent') return;
      if (queue.includes('-dlq--')) this.deadLettered.add(envelopeOf(body)?.subject ?? '');
      else if (queue.endsWith('.fifo') && !queue.endsWith('--replayed.fifo')) this.#sent(queue, body);
    });
  }

  #find(harm: Harm, what: string): void {
    this.findings.push(found(harm, `${what} (step ${this.#world.scheduler.steps})`));
  }

  #write(table: string, record: JsonObject): void {
    const { Keys, NewImage } = record.dynamodb as { readonly Keys: Image; readonly NewImage?: Image };
    this.#world.history.add('write', `${table} ${JSON.stringify(NewImage ?? Keys)}`);
    if (NewImage === undefined) return;
    const key = `${table} ${Object.values(Keys)
      .map(({ S }) => S)
      .join(' ')}`;
    if (NewImage.onHand !== undefined) this.#stock(key, NewImage);
    this.#version(key, NewImage);
    for (const { M = {} } of NewImage.outbox?.M?.events?.L ?? []) this.#eventOf(key, text(M, 'id'));
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
  #eventOf(key: string, id: string): void {
    if (this.#eventIds.has(id)) this.#find('doubled', `Two writes of ${key} hold the event ${id}`);
    this.#eventIds.set(id, key);
  }

  #sent(queue: string, body: string): void {
    const envelope = envelopeOf(body);
    if (envelope === undefined) return;
    const { subject, sequence } = envelope;
    const key = `${queue} ${subject}`;
    const arrived = this.#arrived.get(key) ?? new Set();
    this.#arrived.set(key, arrived);
    // What comes again, after the time of deduplication or from a dead-letter queue, is no news.
    if (!arrived.has(sequence) && !this.deadLettered.has(subject) && sequence < Math.max(0, ...arrived))
      this.#find('out of order', `${queue}: ${subject} ${sequence} came after ${Math.max(...arrived)}`);
    arrived.add(sequence);
  }
}

function envelopeOf(body: string): Envelope | undefined {
  try {
    const { id, subject, sequence } = Object(JSON.parse(body)) as Partial<Envelope>;
    if (typeof id !== 'string' || typeof subject !== 'string' || typeof sequence !== 'number')
      return undefined;
    return { id, subject, sequence };
  } catch {
    return undefined;
  }
}

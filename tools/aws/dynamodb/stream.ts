import type { Chance } from '../chance.ts';
import type { Clock } from '../clock.ts';
import type { JsonObject } from '../protocol/service.ts';
import { type AttributeMap, equalMaps } from './attribute-value.ts';
import { validationException } from './errors.ts';
import { itemBytes } from './item-size.ts';
import { partitionHash } from './key-index.ts';
import { type HashRange, Shard, sequenceText, type UserIdentity } from './shard.ts';

export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

const ALL_HASHES: HashRange = { from: 0, to: 2 ** 32 };

/** What streams need of the service around them. */
export interface StreamContext {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly region: string;
  /** A number greater than all before. */
  nextSequence(): number;
  /** How long a shard takes records before another one follows it. */
  readonly shardLifetimeMs: number;
  /** Called with every stream that got a record, and the record. */
  written(stream: Stream, record: JsonObject): void;
}

export interface Change {
  readonly partition: string;
  readonly keys: AttributeMap;
  readonly before: AttributeMap | undefined;
  readonly after: AttributeMap | undefined;
  readonly by: UserIdentity | undefined;
}

const eventName = ({ before, after }: Change): string => {
  if (!before) return 'INSERT';
  return after ? 'MODIFY' : 'REMOVE';
};

/** The changes of one table's items, from when the stream was enabled until a day after it was disabled. */
export class Stream {
  readonly arn: string;
  readonly label: string;
  readonly tableName: string;
  readonly viewType: StreamViewType;
  readonly createdAt: number;
  readonly keySchema: readonly JsonObject[];
  readonly #context: StreamContext;
  #shards: Shard[] = [];
  #disabledAt: number | undefined;

  constructor(
    context: StreamContext,
    options: {
      readonly tableArn: string;
      readonly tableName: string;
      /** Milliseconds since the epoch, different for every stream of a table. */
      readonly createdAt: number;
      readonly viewType: StreamViewType;
      readonly keySchema: readonly JsonObject[];
    },
  ) {
    this.#context = context;
    this.createdAt = options.createdAt;
    this.label = new Date(options.createdAt).toISOString().slice(0, -1);
    this.arn = `${options.tableArn}/stream/${this.label}`;
    this.tableName = options.tableName;
    this.viewType = options.viewType;
    this.keySchema = options.keySchema;
    this.#open(ALL_HASHES, undefined);
  }

  get isEnabled(): boolean {
    return this.#disabledAt === undefined;
  }

  /** All shards that still have something to say, parents before children. */
  get shards(): readonly Shard[] {
    this.#tidy();
    return this.#shards;
  }

  #open(hashes: HashRange, parent: string | undefined): void {
    const openedAt = this.#context.clock.now();
    const id = `shardId-${String(openedAt).padStart(20, '0')}-${this.#context.chance.uuid().slice(0, 8)}`;
    const sequence = this.#context.nextSequence();
    this.#shards.push(new Shard({ id, parent, hashes, openedAt, sequence }));
  }

  /** Closes shards that were open for their time, and forgets records and shards that are too old. */
  #tidy(): void {
    const now = this.#context.clock.now();
    for (const shard of [...this.#shards]) {
      shard.trim(now);
      if (shard.isOpen && now - shard.openedAt >= this.#context.shardLifetimeMs) {
        this.#close(shard);
        this.#open(shard.hashes, shard.id);
      }
    }
    this.#shards = this.#shards.filter((shard) => shard.isOpen || !shard.isForgotten(now));
  }

  #close(shard: Shard): void {
    shard.close(this.#context.clock.now(), Math.max(shard.latest, shard.first));
  }

  /** Notes a change; one that changes nothing leaves no record. */
  add(change: Change): void {
    const { before, after } = change;
    if (before && after && equalMaps(before, after)) return;
    const hash = partitionHash(change.partition);
    const shard = this.shards.find((each) => each.takes(hash));
    if (!shard) throw new Error(`The stream ${this.arn} has no open shard`);
    const writtenAt = this.#context.clock.now();
    const sequence = this.#context.nextSequence();
    const { bytes, json } = this.#record(change, sequence, writtenAt);
    shard.add({ sequence, writtenAt, bytes, json });
    this.#context.written(this, json);
  }

  #record(change: Change, sequence: number, writtenAt: number): { bytes: number; json: JsonObject } {
    const { keys, before, after, by } = change;
    const both = this.viewType === 'NEW_AND_OLD_IMAGES';
    const newImage = both || this.viewType === 'NEW_IMAGE' ? after : undefined;
    const oldImage = both || this.viewType === 'OLD_IMAGE' ? before : undefined;
    const bytes =
      itemBytes(keys) + (newImage ? itemBytes(newImage) : 0) + (oldImage ? itemBytes(oldImage) : 0);
    const dynamodb = {
      ApproximateCreationDateTime: Math.floor(writtenAt / 1000),
      Keys: keys,
      ...(newImage && { NewImage: newImage }),
      ...(oldImage && { OldImage: oldImage }),
      SequenceNumber: sequenceText(sequence),
      SizeBytes: bytes,
      StreamViewType: this.viewType,
    };
    const json = {
      eventID: this.#context.chance.uuid().replaceAll('-', ''),
      eventName: eventName(change),
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: this.#context.region,
      dynamodb,
      ...(by && { userIdentity: by }),
    };
    return { bytes, json };
  }

  /**
   * Closes an open shard and goes on in two, each with half of its partition keys.
   * @param shardId the first open one by default
   * @throws AwsError ValidationException when the stream has no such open shard
   */
  split(shardId?: string): void {
    const open = this.shards.filter((shard) => shard.isOpen);
    const shard = shardId === undefined ? open[0] : open.find(({ id }) => id === shardId);
    if (!shard) throw validationException(`The stream ${this.arn} has no open shard ${shardId ?? ''}`.trim());
    const { from, to } = shard.hashes;
    const middle = Math.floor((from + to) / 2);
    this.#close(shard);
    this.#open({ from, to: middle }, shard.id);
    this.#open({ from: middle, to }, shard.id);
  }

  /** Closes all shards; they stay readable for a day. */
  disable(): void {
    this.#disabledAt = this.#context.clock.now();
    for (const shard of this.#shards) if (shard.isOpen) this.#close(shard);
  }
}

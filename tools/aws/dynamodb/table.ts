import type { Clock } from '../clock.ts';
import type { JsonObject } from '../protocol/service.ts';
import type { AttributeMap } from './attribute-value.ts';
import { resourceNotFound, validationException } from './errors.ts';
import type { Faults } from './faults.ts';
import { itemBytes } from './item-size.ts';
import { type IndexEntry, KeyIndex } from './key-index.ts';
import {
  checkIndexKey,
  checkItemKey,
  type KeyPosition,
  type KeySchema,
  keyPosition,
  pickKey,
  positionId,
} from './key-schema.ts';
import { type IndexDefinition, SecondaryIndex, type Throughput } from './secondary-index.ts';
import type { UserIdentity } from './shard.ts';
import { Stream, type StreamContext, type StreamViewType } from './stream.ts';
import { ExpiryQueue } from './time-to-live.ts';

export type BillingMode = 'PROVISIONED' | 'PAY_PER_REQUEST';
export type TableClass = 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';

export interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: 'S' | 'N' | 'B';
}

export interface TableDefinition {
  readonly name: string;
  readonly schema: KeySchema;
  readonly attributes: readonly AttributeDefinition[];
  readonly indexes: readonly IndexDefinition[];
  readonly billingMode: BillingMode;
  readonly throughput: Throughput | undefined;
  readonly tableClass: TableClass | undefined;
  readonly deletionProtection: boolean;
}

/** What a table needs of the service around it. */
export interface TableContext extends StreamContext {
  readonly clock: Clock;
  readonly faults: Faults;
  /** How long an item stays after it expired. */
  readonly timeToLiveDelayMs: number;
}

/** An item in its table. A replaced item never changes, so its readers may keep it. */
export interface Row extends IndexEntry {
  item: AttributeMap;
  bytes: number;
}

export const keySchemaJson = ({ hash, range }: KeySchema): readonly JsonObject[] => [
  { AttributeName: hash.name, KeyType: 'HASH' },
  ...(range ? [{ AttributeName: range.name, KeyType: 'RANGE' }] : []),
];

/** What was there before a recent write, for reads that are allowed to be stale. */
interface Former {
  readonly item: AttributeMap | undefined;
  readonly until: number;
}

export class Table {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly schema: KeySchema;
  readonly createdAt: number;
  readonly #context: TableContext;
  readonly #rows = new Map<string, Row>();
  /** The rows by their key, as an index of its own. */
  readonly primary = new KeyIndex<Row>();
  readonly #indexes = new Map<string, SecondaryIndex>();
  readonly #former = new Map<string, Former>();
  readonly expiry: ExpiryQueue;
  attributes: readonly AttributeDefinition[];
  billingMode: BillingMode;
  /** When the table was last switched to billing by request. */
  onDemandSince: number | undefined;
  throughput: Throughput | undefined;
  tableClass: TableClass | undefined;
  deletionProtection: boolean;
  /** The latest stream, also when it is disabled. */
  stream: Stream | undefined;
  #bytes = 0;

  constructor(definition: TableDefinition, context: TableContext) {
    this.#context = context;
    this.name = definition.name;
    this.arn = `arn:aws:dynamodb:${context.region}:000000000000:table/${definition.name}`;
    this.id = context.chance.uuid();
    this.schema = definition.schema;
    this.createdAt = context.clock.now();
    this.attributes = definition.attributes;
    this.billingMode = definition.billingMode;
    this.onDemandSince = definition.billingMode === 'PAY_PER_REQUEST' ? this.createdAt : undefined;
    this.throughput = definition.throughput;
    this.tableClass = definition.tableClass;
    this.deletionProtection = definition.deletionProtection;
    for (const index of definition.indexes) this.addIndex(index);
    this.expiry = new ExpiryQueue(context, (id) => this.#expire(id));
  }

  get itemCount(): number {
    return this.#rows.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get indexes(): Iterable<SecondaryIndex> {
    return this.#indexes.values();
  }

  get hasLocalIndexes(): boolean {
    return [...this.#indexes.values()].some(({ definition }) => !definition.global);
  }

  index(name: string): SecondaryIndex {
    const index = this.#indexes.get(name);
    if (!index) throw validationException(`The table does not have the specified index: ${name}`);
    return index;
  }

  hasIndex(name: string): boolean {
    return this.#indexes.has(name);
  }

  /** Adds an index with all items that are there. */
  addIndex(definition: IndexDefinition): void {
    const index = new SecondaryIndex(definition, this.schema);
    for (const { id, item } of this.#rows.values()) index.write(id, item, undefined);
    this.#indexes.set(definition.name, index);
  }

  /** @throws AwsError ResourceNotFoundException */
  removeIndex(name: string): void {
    if (!this.#indexes.delete(name)) throw resourceNotFound(`Index: ${name} not found`);
  }

  /** Sets what an index is provisioned with. */
  provisionIndex(name: string, throughput: Throughput): void {
    const index = this.#indexes.get(name);
    if (!index) throw resourceNotFound(`Index: ${name} not found`);
    index.definition = { ...index.definition, throughput };
  }

  /** @throws AwsError ValidationException unless the table could hold the item */
  checkItem(item: AttributeMap): void {
    checkItemKey(this.schema, item);
    for (const { definition } of this.#indexes.values())
      checkIndexKey(definition.name, definition.schema, item);
  }

  position(key: AttributeMap): KeyPosition {
    return keyPosition(this.schema, key);
  }

  row(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** An item as a read sees it that is not consistent: what is there, or what was there shortly before. */
  seenEventually(id: string): AttributeMap | undefined {
    const { faults, clock } = this.#context;
    const former = faults.staleReads.possible ? this.#former.get(id) : undefined;
    if (former && former.until > clock.now() && faults.staleReads.happens()) return former.item;
    return this.#rows.get(id)?.item;
  }

  /**
   * Replaces an item, with all that follows of it: indexes, stream, expiry.
   * @param item undefined deletes what is there
   */
  write(key: KeyPosition, item: AttributeMap | undefined, by?: UserIdentity): void {
    const id = positionId(key);
    const row = this.#rows.get(id);
    const before = row?.item;
    if (!item && !before) return;
    this.#remember(id, before);
    this.#replaceRow(key, id, row, item);
    this.#writeIndexes(id, item);
    this.expiry.write(id, item);
    const either = item ?? before;
    if (this.stream?.isEnabled && either) {
      const keys = pickKey(either, this.schema);
      this.stream.add({ partition: key.hash, keys, before, after: item, by });
    }
  }

  #replaceRow(key: KeyPosition, id: string, row: Row | undefined, item: AttributeMap | undefined): void {
    const bytes = item ? itemBytes(item) : 0;
    this.#bytes += bytes - (row?.bytes ?? 0);
    if (row && item) {
      row.item = item;
      row.bytes = bytes;
    } else if (row) {
      this.#rows.delete(id);
      this.primary.remove(row);
    } else if (item) {
      const added = { partition: key.hash, sort: key.range, id, item, bytes };
      this.#rows.set(id, added);
      this.primary.add(added);
    }
  }

  #writeIndexes(id: string, item: AttributeMap | undefined): void {
    if (this.#indexes.size === 0) return;
    const { faults, clock } = this.#context;
    const due = faults.indexLag.happens() ? clock.now() + faults.indexLag.ms : undefined;
    for (const index of this.#indexes.values())
      index.write(id, item, index.definition.global ? due : undefined);
  }

  #remember(id: string, item: AttributeMap | undefined): void {
    const { faults, clock } = this.#context;
    if (!faults.staleReads.possible) {
      this.#former.clear();
      return;
    }
    const now = clock.now();
    for (const [old, { until }] of this.#former) {
      if (until > now) break;
      this.#former.delete(old);
    }
    this.#former.delete(id);
    this.#former.set(id, { item, until: now + faults.staleReads.ms });
  }

  #expire(id: string): void {
    const row = this.#rows.get(id);
    if (!row) return;
    const by = { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' };
    this.write({ hash: row.partition, range: row.sort }, undefined, by);
  }

  /** The attribute that says when items expire, with a look at all items that are there. */
  set timeToLiveAttribute(name: string | undefined) {
    this.expiry.attribute = name;
    for (const { id, item } of this.#rows.values()) this.expiry.write(id, item);
  }

  get timeToLiveAttribute(): string | undefined {
    return this.expiry.attribute;
  }

  /** @param latest when the latest stream of all was created: labels of streams differ */
  enableStream(viewType: StreamViewType, latest = this.stream?.createdAt ?? 0): Stream {
    const createdAt = Math.max(this.#context.clock.now(), latest + 1);
    const keySchema = keySchemaJson(this.schema);
    this.stream = new Stream(this.#context, {
      tableArn: this.arn,
      tableName: this.name,
      createdAt,
      viewType,
      keySchema,
    });
    return this.stream;
  }

  /** Ends what goes on by itself: the stream and expiry. */
  close(): void {
    if (this.stream?.isEnabled) this.stream.disable();
    this.expiry.attribute = undefined;
  }
}

import type { JsonObject } from '../protocol/service.ts';
import type { AttributeMap } from './attribute-value.ts';
import { itemBytes } from './item-size.ts';
import { keyPosition } from './key-schema.ts';
import { oneOf } from './request.ts';
import { changesProjection, type SecondaryIndex } from './secondary-index.ts';
import type { Table } from './table.ts';

/**
 * Consumed capacity.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;

export const capacityMode = oneOf('INDEXES', 'TOTAL', 'NONE');
export type CapacityMode = ReturnType<typeof capacityMode> | undefined;

/** How a read or write counts: transactions do all work twice, eventually consistent reads half. */
export type Factor = 0.5 | 1 | 2;

export const readUnits = (bytes: number, factor: Factor): number =>
  Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * factor;

export const writeUnits = (bytes: number, factor: Factor = 1): number =>
  Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES)) * factor;

const sizeOf = (item: AttributeMap | undefined): number => (item ? itemBytes(item) : 0);

const isMoved = (index: SecondaryIndex, before: AttributeMap, after: AttributeMap): boolean => {
  const { schema } = index.definition;
  const [from, to] = [keyPosition(schema, before), keyPosition(schema, after)];
  return from.hash !== to.hash || from.range !== to.range;
};

const indexWriteUnits = (
  index: SecondaryIndex,
  before: AttributeMap | undefined,
  after: AttributeMap | undefined,
  factor: Factor,
): number => {
  const [old, fresh] = [index.projectionOf(before), index.projectionOf(after)];
  if (!changesProjection(old, fresh)) return 0;
  if (old && fresh && isMoved(index, old, fresh))
    return writeUnits(sizeOf(old), factor) + writeUnits(sizeOf(fresh), factor);
  return writeUnits(Math.max(sizeOf(old), sizeOf(fresh)), factor);
};

interface TableUnits {
  readonly table: Table;
  own: number;
  readonly indexes: Map<string, number>;
}

const unitsJson = (units: number): JsonObject => ({ CapacityUnits: units });

/** Adds up what one request consumes, for each table. */
export class CapacityMeter {
  readonly #mode: CapacityMode;
  readonly #kind: 'ReadCapacityUnits' | 'WriteCapacityUnits' | undefined;
  readonly #tables = new Map<Table, TableUnits>();

  /** @param kind counted apart in the answer, as for transactions */
  constructor(mode: CapacityMode, kind?: 'ReadCapacityUnits' | 'WriteCapacityUnits') {
    this.#mode = mode;
    this.#kind = kind;
  }

  get isOff(): boolean {
    return this.#mode === undefined || this.#mode === 'NONE';
  }

  #unitsOf(table: Table): TableUnits {
    const known = this.#tables.get(table) ?? { table, own: 0, indexes: new Map<string, number>() };
    this.#tables.set(table, known);
    return known;
  }

  read(table: Table, units: number, index?: SecondaryIndex): void {
    if (this.isOff) return;
    const known = this.#unitsOf(table);
    if (!index) known.own += units;
    else known.indexes.set(index.definition.name, (known.indexes.get(index.definition.name) ?? 0) + units);
  }

  write(
    table: Table,
    before: AttributeMap | undefined,
    after: AttributeMap | undefined,
    factor: Factor = 1,
  ): void {
    if (this.isOff) return;
    const known = this.#unitsOf(table);
    known.own += writeUnits(Math.max(sizeOf(before), sizeOf(after)), factor);
    for (const index of table.indexes) {
      const units = indexWriteUnits(index, before, after, factor);
      const { name } = index.definition;
      if (units > 0) known.indexes.set(name, (known.indexes.get(name) ?? 0) + units);
    }
  }

  #json({ table, own, indexes }: TableUnits): JsonObject {
    const total = [...indexes.values()].reduce((sum, units) => sum + units, own);
    const named = (global: boolean): JsonObject | undefined => {
      const chosen = [...indexes].filter(([name]) => table.index(name).definition.global === global);
      return chosen.length === 0
        ? undefined
        : Object.fromEntries(chosen.map(([name, units]) => [name, unitsJson(units)]));
    };
    const [globals, locals] = [named(true), named(false)];
    return {
      TableName: table.name,
      CapacityUnits: total,
      ...(this.#kind && { [this.#kind]: total }),
      ...(this.#mode === 'INDEXES' && {
        Table: unitsJson(own),
        ...(globals && { GlobalSecondaryIndexes: globals }),
        ...(locals && { LocalSecondaryIndexes: locals }),
      }),
    };
  }

  /** The member of an answer about one table. */
  get one(): JsonObject {
    const [units] = this.#tables.values();
    return units ? { ConsumedCapacity: this.#json(units) } : {};
  }

  /** The member of an answer about many tables. */
  get many(): JsonObject {
    if (this.isOff) return {};
    return { ConsumedCapacity: [...this.#tables.values()].map((units) => this.#json(units)) };
  }
}

/** The key of an item collection: all items with one partition key, in a table with local indexes. */
export const collectionMetrics = (table: Table, key: AttributeMap): JsonObject | undefined => {
  if (!table.hasLocalIndexes) return undefined;
  const { name } = table.schema.hash;
  return { ItemCollectionKey: { [name]: key[name] }, SizeEstimateRangeGB: [0, 1] };
};

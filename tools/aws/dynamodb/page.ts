import type { JsonObject } from '../protocol/service.ts';
import type { AttributeMap } from './attribute-value.ts';
import { CapacityMeter, type CapacityMode, type Factor, readUnits } from './capacity.ts';
import type { Database } from './database.ts';
import { invalidParameter, validationException } from './errors.ts';
import { attributesOf, type BoundCondition, holds } from './expressions/condition.ts';
import type { DocumentPath } from './expressions/path.ts';
import { project } from './expressions/projection.ts';
import { itemBytes } from './item-size.ts';
import type { IndexEntry, KeyIndex } from './key-index.ts';
import {
  checkKey,
  hasKey,
  type KeySchema,
  keyAttributes,
  keyPosition,
  pickKey,
  positionId,
} from './key-schema.ts';
import { MAX_PAGE_BYTES } from './limits.ts';
import type { ProjectedItem, SecondaryIndex } from './secondary-index.ts';
import type { Row, Table } from './table.ts';

export const SELECTS = [
  'ALL_ATTRIBUTES',
  'ALL_PROJECTED_ATTRIBUTES',
  'SPECIFIC_ATTRIBUTES',
  'COUNT',
] as const;
export type Select = (typeof SELECTS)[number];

/** What a query or scan reads: a table, or one of its indexes. */
export interface Source {
  readonly table: Table;
  readonly index: SecondaryIndex | undefined;
  readonly schema: KeySchema;
  readonly entries: KeyIndex<Row | ProjectedItem>;
  readonly consistent: boolean;
}

export const openSource = (
  database: Database,
  request: {
    readonly TableName: string;
    readonly IndexName: string | undefined;
    readonly ConsistentRead: boolean | undefined;
  },
): Source => {
  const table = database.table(request.TableName);
  const consistent = request.ConsistentRead ?? false;
  if (request.IndexName === undefined)
    return { table, index: undefined, schema: table.schema, entries: table.primary, consistent };
  const index = table.index(request.IndexName);
  if (index.definition.global && consistent)
    throw validationException('Consistent reads are not supported on global secondary indexes');
  const entries = index.at(database.context.clock.now());
  return { table, index, schema: index.definition.schema, entries, consistent };
};

const invalidStart = (detail?: string) =>
  validationException(`The provided starting key is invalid${detail ? `: ${detail}` : ''}`);

/**
 * The place after which a page begins.
 * @throws AwsError ValidationException when the key is none of the table or index
 */
export const startEntry = (source: Source, key: AttributeMap | undefined): IndexEntry | undefined => {
  if (!key) return undefined;
  const { table, schema, index } = source;
  const names = new Set([...keyAttributes(table.schema), ...keyAttributes(schema)].map(({ name }) => name));
  if (Object.keys(key).length !== names.size || !hasKey(schema, key))
    throw invalidStart(index ? undefined : 'The provided key element does not match the schema');
  try {
    checkKey(table.schema, pickKey(key, table.schema));
    checkKey(schema, pickKey(key, schema));
  } catch (error) {
    throw index ? invalidStart() : invalidStart(error instanceof Error ? error.message : undefined);
  }
  const { hash, range } = keyPosition(schema, key);
  return { partition: hash, sort: range, id: positionId(table.position(key)) };
};

export interface Selection {
  readonly select: Select | undefined;
  readonly filter: BoundCondition | undefined;
  readonly paths: readonly DocumentPath[] | undefined;
}

const checkIndexSelection = (index: SecondaryIndex, { select, paths }: Selection): void => {
  const { global, name, projection } = index.definition;
  if (!global) return;
  if (select === 'ALL_ATTRIBUTES' && projection.type !== 'ALL')
    throw invalidParameter(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${name} because its projection type is not ALL`,
    );
  const missing = (paths ?? [])
    .map(([attribute]) => attribute)
    .filter((each) => !index.hasAttributes([each]));
  if (missing.length > 0)
    throw invalidParameter(`Global secondary index ${name} does not project [${missing.join(', ')}]`);
};

/** @throws AwsError ValidationException when Select and the expressions do not go together */
export const checkSelection = (source: Source, selection: Selection, verb: 'Querying' | 'Scanning'): void => {
  const { select, paths } = selection;
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && !source.index)
    throw invalidParameter(`ALL_PROJECTED_ATTRIBUTES can be used only when ${verb} using an IndexName`);
  if (select === 'SPECIFIC_ATTRIBUTES' && !paths)
    throw invalidParameter(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  if (paths && select !== undefined && select !== 'SPECIFIC_ATTRIBUTES')
    throw invalidParameter(
      `Cannot specify the AttributesToGet or ProjectionExpression when choosing to get ${select === 'COUNT' ? 'only the COUNT' : select}`,
    );
  if (source.index) checkIndexSelection(source.index, selection);
};

/** How the entries of a source become items. */
class Items {
  readonly #source: Source;
  readonly #selection: Selection;
  /** Local indexes fetch from their table what they do not project. */
  readonly #fetches: boolean;

  constructor(source: Source, selection: Selection) {
    this.#source = source;
    this.#selection = selection;
    this.#fetches = this.#needsTable();
  }

  get fetches(): boolean {
    return this.#fetches;
  }

  #needsTable(): boolean {
    const { index } = this.#source;
    if (!index || index.definition.global) return false;
    const { select, paths, filter } = this.#selection;
    if (select === 'ALL_ATTRIBUTES') return index.definition.projection.type !== 'ALL';
    const wanted = [
      ...(paths ?? []).map(([attribute]) => attribute),
      ...(filter ? attributesOf(filter) : []),
    ];
    return !index.hasAttributes(wanted);
  }

  /** The item at an entry; undefined when a stale read does not see it yet. */
  at(entry: Row | ProjectedItem): AttributeMap | undefined {
    const { table, index, consistent } = this.#source;
    if (this.#fetches) return table.row(entry.id)?.item ?? entry.item;
    return index || consistent ? entry.item : table.seenEventually(entry.id);
  }
}

export interface PageRequest {
  readonly Limit: number | undefined;
  readonly ReturnConsumedCapacity: CapacityMode;
}

/** Reads one page: up to the limit, or until 1 MB was read. */
export const readPage = (
  source: Source,
  entries: Iterable<Row | ProjectedItem>,
  selection: Selection,
  { Limit = Number.POSITIVE_INFINITY, ReturnConsumedCapacity }: PageRequest,
): JsonObject => {
  const items = new Items(source, selection);
  const found: AttributeMap[] = [];
  let [scanned, bytes, fetched, matched] = [0, 0, 0, 0];
  let last: AttributeMap | undefined;
  for (const entry of entries) {
    const item = items.at(entry);
    if (!item) continue;
    scanned++;
    bytes += entry.bytes;
    if (items.fetches) fetched += readUnits(itemBytes(item), source.consistent ? 1 : 0.5);
    if (!selection.filter || holds(selection.filter, item)) {
      matched++;
      if (selection.select !== 'COUNT') found.push(selection.paths ? project(item, selection.paths) : item);
    }
    if (scanned >= Limit || bytes >= MAX_PAGE_BYTES) {
      last = pickKey(entry.item, source.schema, source.table.schema);
      break;
    }
  }
  return {
    ...(selection.select !== 'COUNT' && { Items: found }),
    Count: matched,
    ScannedCount: scanned,
    ...(last && { LastEvaluatedKey: last }),
    ...pageCapacity(source, ReturnConsumedCapacity, bytes, fetched),
  };
};

const pageCapacity = (source: Source, mode: CapacityMode, bytes: number, fetched: number): JsonObject => {
  const factor: Factor = source.consistent ? 1 : 0.5;
  const meter = new CapacityMeter(mode);
  meter.read(source.table, readUnits(bytes, factor), source.index);
  if (fetched > 0) meter.read(source.table, fetched);
  return meter.one;
};

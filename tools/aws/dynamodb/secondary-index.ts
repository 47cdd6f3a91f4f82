import {
  type AttributeMap,
  type AttributeValue,
  equalMaps,
  getAttribute,
  setAttribute,
} from './attribute-value.ts';
import { itemBytes } from './item-size.ts';
import { type IndexEntry, KeyIndex } from './key-index.ts';
import { hasKey, type KeySchema, keyAttributes, keyPosition } from './key-schema.ts';

export type ProjectionType = 'ALL' | 'KEYS_ONLY' | 'INCLUDE';

export interface Projection {
  readonly type: ProjectionType;
  readonly attributes: readonly string[];
}

export interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

export interface IndexDefinition {
  readonly name: string;
  readonly global: boolean;
  readonly schema: KeySchema;
  readonly projection: Projection;
  readonly throughput: Throughput | undefined;
}

/** An item as an index has it. */
export interface ProjectedItem extends IndexEntry {
  item: AttributeMap;
  bytes: number;
}

interface Pending {
  readonly due: number;
  readonly id: string;
  readonly item: AttributeMap | undefined;
}

export class SecondaryIndex {
  definition: IndexDefinition;
  readonly #entries = new Map<string, ProjectedItem>();
  readonly #index = new KeyIndex<ProjectedItem>();
  /** The names of projected attributes; undefined for all. */
  readonly #projected: readonly string[] | undefined;
  /** Changes that readers do not see yet, in their order. */
  readonly #pending: Pending[] = [];

  constructor(definition: IndexDefinition, tableSchema: KeySchema) {
    this.definition = definition;
    const { type, attributes } = definition.projection;
    const keys = [...keyAttributes(tableSchema), ...keyAttributes(definition.schema)].map(({ name }) => name);
    this.#projected = type === 'ALL' ? undefined : [...new Set([...keys, ...attributes])];
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    let bytes = 0;
    for (const entry of this.#entries.values()) bytes += entry.bytes;
    return bytes;
  }

  /** What the index keeps of an item; undefined when the item is not in it. */
  projectionOf(item: AttributeMap | undefined): AttributeMap | undefined {
    if (!item || !hasKey(this.definition.schema, item)) return undefined;
    if (!this.#projected) return item;
    const projected: Record<string, AttributeValue> = {};
    for (const name of this.#projected) {
      const value = getAttribute(item, name);
      if (value) setAttribute(projected, name, value);
    }
    return projected;
  }

  /** Whether the index holds all of what items have under these names. */
  hasAttributes(names: Iterable<string>): boolean {
    const projected = this.#projected;
    return !projected || [...names].every((name) => projected.includes(name));
  }

  /** @param due when readers see the change, as time of the clock; undefined for at once */
  write(id: string, item: AttributeMap | undefined, due: number | undefined): void {
    if (due === undefined && this.#pending.length === 0) this.#apply(id, item);
    else this.#pending.push({ due: due ?? 0, id, item });
  }

  /** The index as readers see it at a time. */
  at(now: number): KeyIndex<ProjectedItem> {
    for (let next = this.#pending[0]; next && next.due <= now; next = this.#pending[0]) {
      this.#pending.shift();
      this.#apply(next.id, next.item);
    }
    return this.#index;
  }

  #apply(id: string, item: AttributeMap | undefined): void {
    const before = this.#entries.get(id);
    const after = this.projectionOf(item);
    const entry = after && this.#entryFor(id, after);
    if (before && entry && before.partition === entry.partition && before.sort === entry.sort) {
      before.item = entry.item;
      before.bytes = entry.bytes;
      return;
    }
    if (before) this.#index.remove(before);
    if (!entry) this.#entries.delete(id);
    else {
      this.#entries.set(id, entry);
      this.#index.add(entry);
    }
  }

  #entryFor(id: string, item: AttributeMap): ProjectedItem {
    const { hash, range } = keyPosition(this.definition.schema, item);
    return { partition: hash, sort: range, id, item, bytes: itemBytes(item) };
  }
}

/** Whether a change of an item changes what an index keeps of it. */
export const changesProjection = (
  before: AttributeMap | undefined,
  after: AttributeMap | undefined,
): boolean => (before && after ? !equalMaps(before, after) : before !== after);

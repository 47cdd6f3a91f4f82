import { fromJson, toStored } from '@orderly/functions/postgres/json';
import { escapeIdentifier, escapeLiteral, Pool } from 'pg';

type Item = Readonly<Record<string, unknown>>;

/** Where a page ended: the values of the attributes that it is sorted by. */
export type ItemPosition = Readonly<Record<string, string>>;

export interface ItemsRequest {
  /** An index; the key unless given. */
  readonly index?: string | undefined;
  /** The whole value of the first attribute; all items unless given. */
  readonly partition?: string | undefined;
  /** How the second attribute begins. */
  readonly sort?: string | undefined;
  readonly after?: ItemPosition | undefined;
  /** Items, at most. */
  readonly limit: number;
}

export interface ItemsPage {
  readonly items: readonly Item[];
  /** Absent with the last page. */
  readonly next?: ItemPosition;
}

export interface TableFacts {
  readonly name: string;
  readonly items: number;
  /** On the disk, with its indexes. */
  readonly bytes: number;
  readonly key: readonly string[];
  readonly indexes: readonly { readonly name: string; readonly key: readonly string[] }[];
}

/** What the table of a service holds, for people who look at it. */
export class StoredItems {
  readonly #pool: Pool;
  readonly #table: string;

  /** @param url of the service's database */
  constructor(url: string, table: string) {
    this.#table = table;
    this.#pool = new Pool({
      connectionString: url,
      max: 2,
      idleTimeoutMillis: 10_000,
      allowExitOnIdle: true,
      statement_timeout: 5_000,
    });
    // Without a listener, a lost connection would end the process. Whoever reads learns of it from the query.
    this.#pool.on('error', () => undefined);
  }

  /**
   * Reads a page, in the order of the key or index.
   *
   * @returns undefined for an index that the table does not have
   * @throws the database's errors
   */
  async page({ index, partition, sort, after, limit }: ItemsRequest): Promise<ItemsPage | undefined> {
    const key = index === undefined ? [] : (await this.#indexes()).find(({ name }) => name === index)?.key;
    if (key === undefined) return undefined;
    const names = [...key, 'pk', 'sk'];
    const columns = [...key.map(attribute), 'pk', 'sk'];
    const values: unknown[] = [];
    const bind = (value: string) => `$${values.push(toStored(value))}`;
    const conditions = key.map((name) => `jsonb_typeof(item -> ${escapeLiteral(name)}) = 'string'`);
    if (partition !== undefined) conditions.push(`${columns[0]} = ${bind(partition)}`);
    if (sort !== undefined) conditions.push(`starts_with(${columns[1]}, ${bind(sort)})`);
    if (after !== undefined)
      conditions.push(`(${columns}) > (${names.map((name) => bind(after[name] ?? ''))})`);
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const { rows } = await this.#pool.query<{ readonly item: string }>(
      `SELECT item::text FROM ${escapeIdentifier(this.#table)} ${where} ORDER BY ${columns} LIMIT ${limit + 1}`,
      values,
    );
    const items = rows.slice(0, limit).map(({ item }) => fromJson<Item>(item));
    const last = items.at(-1);
    if (rows.length <= limit || last === undefined) return { items };
    return { items, next: Object.fromEntries(names.map((name) => [name, String(last[name] ?? '')])) };
  }

  /** @throws the database's errors */
  async describe(): Promise<TableFacts> {
    const table = escapeIdentifier(this.#table);
    const { rows } = await this.#pool.query<{ items: string; bytes: string; sorted: boolean }>(
      `SELECT count(*) AS items, coalesce(bool_or(sk <> ''), false) AS sorted,
              pg_total_relation_size($1) AS bytes FROM ${table}`,
      [table],
    );
    const [{ items, bytes, sorted } = { items: 0, bytes: 0, sorted: false }] = rows;
    return {
      name: this.#table,
      ...{ items: Number(items), bytes: Number(bytes) },
      key: sorted ? ['pk', 'sk'] : ['pk'],
      indexes: await this.#indexes(),
    };
  }

  /** Ends its connections. */
  close(): Promise<void> {
    return this.#pool.end();
  }

  async #indexes(): Promise<TableFacts['indexes']> {
    const { rows } = await this.#pool.query<Record<'name' | 'partition' | 'sort', string>>(
      `SELECT index_name AS name, partition_attribute AS partition, sort_attribute AS sort
       FROM item_indexes WHERE table_name = $1 ORDER BY index_name`,
      [this.#table],
    );
    return rows.map(({ name, partition, sort }) => ({ name, key: [partition, sort] }));
  }
}

/** An attribute as the migrations index it. */
const attribute = (name: string): string => `((item ->> ${escapeLiteral(name)}) COLLATE "C")`;

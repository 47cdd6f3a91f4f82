import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AttributeValue,
  type BatchGetItemCommandInput,
  type BatchWriteItemCommandInput,
  type CreateTableCommandInput,
  type DeleteItemCommandInput,
  type DynamoDB,
  type GetItemCommandInput,
  type PutItemCommandInput,
  type QueryCommandInput,
  ResourceNotFoundException,
  type ScanCommandInput,
  type TableDescription,
  type TransactWriteItem,
  type TransactWriteItemsCommandInput,
  type UpdateItemCommandInput,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreams } from '@aws-sdk/client-dynamodb-streams';
import type { Item } from './attribute-values.ts';
import { streamReader } from './stream-reader.ts';

const POLL_MS = 25;
/** AWS takes about ten seconds to create a table, and up to minutes to add an index. */
const TABLE_LIMIT_MS = 15 * 60_000;

type More<Input> = Partial<Input>;

export interface TestDatabaseOptions {
  readonly dynamodb: DynamoDB;
  readonly streams: DynamoDBStreams;
  readonly endpoint: string;
  /** What table names begin with. */
  readonly prefix: string;
  /** How long `eventually` waits for an index or a stream. */
  readonly patienceMs: number;
}

/** DynamoDB as cases call it, with a memory of the tables that they create. */
export class TestDatabase {
  readonly dynamodb: DynamoDB;
  readonly endpoint: string;
  readonly stream: ReturnType<typeof streamReader>;
  readonly #prefix: string;
  readonly #patienceMs: number;
  readonly #created = new Set<string>();
  #count = 0;

  constructor({ dynamodb, streams, endpoint, prefix, patienceMs }: TestDatabaseOptions) {
    this.dynamodb = dynamodb;
    this.endpoint = endpoint;
    this.#prefix = prefix;
    this.#patienceMs = patienceMs;
    this.stream = streamReader(this, streams);
  }

  put(TableName: string, Item: Item, more: More<PutItemCommandInput> = {}) {
    return this.dynamodb.putItem({ TableName, Item, ...more });
  }

  /** Reads one item, consistently. */
  async get(TableName: string, Key: Item, more: More<GetItemCommandInput> = {}): Promise<Item | undefined> {
    return (await this.getOutput(TableName, Key, { ConsistentRead: true, ...more })).Item;
  }

  getOutput(TableName: string, Key: Item, more: More<GetItemCommandInput> = {}) {
    return this.dynamodb.getItem({ TableName, Key, ...more });
  }

  update(TableName: string, Key: Item, UpdateExpression: string, more: More<UpdateItemCommandInput> = {}) {
    return this.dynamodb.updateItem({ TableName, Key, UpdateExpression, ...more });
  }

  delete(TableName: string, Key: Item, more: More<DeleteItemCommandInput> = {}) {
    return this.dynamodb.deleteItem({ TableName, Key, ...more });
  }

  query(TableName: string, KeyConditionExpression: string, more: More<QueryCommandInput> = {}) {
    return this.dynamodb.query({ TableName, KeyConditionExpression, ...more });
  }

  /** A consistent read of one partition of a table whose partition key is `pk`. */
  partition(TableName: string, pk: string, more: More<QueryCommandInput> = {}) {
    const { ExpressionAttributeValues, ...rest } = more;
    return this.query(TableName, 'pk = :pk', {
      ConsistentRead: true,
      ...rest,
      ExpressionAttributeValues: { ':pk': { S: pk }, ...ExpressionAttributeValues },
    });
  }

  scan(TableName: string, more: More<ScanCommandInput> = {}) {
    return this.dynamodb.scan({ TableName, ...more });
  }

  batchGet(
    RequestItems: BatchGetItemCommandInput['RequestItems'],
    more: More<BatchGetItemCommandInput> = {},
  ) {
    return this.dynamodb.batchGetItem({ RequestItems, ...more });
  }

  batchWrite(
    RequestItems: BatchWriteItemCommandInput['RequestItems'],
    more: More<BatchWriteItemCommandInput> = {},
  ) {
    return this.dynamodb.batchWriteItem({ RequestItems, ...more });
  }

  transact(TransactItems: TransactWriteItem[], more: More<TransactWriteItemsCommandInput> = {}) {
    return this.dynamodb.transactWriteItems({ TransactItems, ...more });
  }

  async transactGet(...gets: readonly (readonly [TableName: string, Key: Item])[]) {
    const TransactItems = gets.map(([TableName, Key]) => ({ Get: { TableName, Key } }));
    const { Responses = [] } = await this.dynamodb.transactGetItems({ TransactItems });
    return Responses.map(({ Item }) => Item);
  }

  async describe(TableName: string): Promise<TableDescription> {
    const { Table } = await this.dynamodb.describeTable({ TableName });
    assert(Table, `DescribeTable of ${TableName} answered without a table.`);
    return Table;
  }

  /** A table name that is free. */
  newName(hint: string): string {
    this.#count++;
    return `${this.#prefix}-${hint}-${this.#count}`;
  }

  /** Creates a table that is removed when all cases have run, and waits until it can be used. */
  async createTable(
    shape: Omit<CreateTableCommandInput, 'TableName'>,
    hint = 'own',
  ): Promise<{ name: string; created: TableDescription | undefined }> {
    const name = this.newName(hint);
    const created = await this.requestTable({ BillingMode: 'PAY_PER_REQUEST', ...shape, TableName: name });
    await this.untilActive(name);
    return { name, created };
  }

  /** Asks for a table and does not wait; it is removed when all cases have run. */
  async requestTable(input: CreateTableCommandInput): Promise<TableDescription | undefined> {
    const { TableDescription } = await this.dynamodb.createTable(input);
    if (input.TableName !== undefined) this.#created.add(input.TableName);
    return TableDescription;
  }

  /** Changes a table and waits until the change is complete. */
  async updateTable(TableName: string, input: Omit<UpdateTableCommandInput, 'TableName'>): Promise<void> {
    await this.dynamodb.updateTable({ TableName, ...input });
    await this.untilActive(TableName);
  }

  /** Waits until a table and all its indexes can be used. */
  async untilActive(name: string): Promise<void> {
    const deadline = Date.now() + TABLE_LIMIT_MS;
    for (;;) {
      const { TableStatus, GlobalSecondaryIndexes = [] } = await this.describe(name);
      const states = [TableStatus, ...GlobalSecondaryIndexes.map(({ IndexStatus }) => IndexStatus)];
      if (states.every((state) => state === 'ACTIVE')) return;
      if (Date.now() > deadline) throw new Error(`The table ${name} is ${states.join(', ')} for too long.`);
      await delay(POLL_MS);
    }
  }

  /** Deletes a table and waits until it is gone. */
  async dropTable(TableName: string): Promise<void> {
    await this.dynamodb.deleteTable({ TableName });
    const deadline = Date.now() + TABLE_LIMIT_MS;
    while (await this.#exists(TableName)) {
      if (Date.now() > deadline) throw new Error(`The table ${TableName} is still being deleted.`);
      await delay(POLL_MS);
    }
    this.#created.delete(TableName);
  }

  /**
   * Removes every table that cases have created and not dropped.
   * @returns the names that could not be removed
   */
  async removeTables(): Promise<readonly string[]> {
    const names = [...this.#created];
    const results = await Promise.allSettled(names.map((name) => this.#remove(name)));
    return names.filter((_, index) => results[index]?.status === 'rejected');
  }

  /** For what an index or a stream shows a moment later: tries again until the check passes or the time is over. */
  async eventually<Result>(check: () => Promise<Result>, atLeastMs = 0): Promise<Result> {
    const deadline = Date.now() + Math.max(this.#patienceMs, atLeastMs);
    for (;;) {
      try {
        return await check();
      } catch (error) {
        if (!(error instanceof assert.AssertionError) || Date.now() > deadline) throw error;
      }
      await delay(POLL_MS);
    }
  }

  async #exists(TableName: string): Promise<boolean> {
    try {
      await this.describe(TableName);
      return true;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return false;
      throw error;
    }
  }

  async #remove(name: string): Promise<void> {
    if (!(await this.#exists(name))) return;
    await this.untilActive(name);
    await this.dropTable(name);
  }
}

/** The items of every page of a query or scan. */
export const pagesOf = async (
  read: (ExclusiveStartKey: Item | undefined) => Promise<{
    readonly Items?: readonly Item[] | undefined;
    readonly LastEvaluatedKey?: Item | undefined;
  }>,
): Promise<readonly (readonly Item[])[]> => {
  const found: (readonly Item[])[] = [];
  let start: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await read(start);
    found.push(Items);
    start = LastEvaluatedKey;
  } while (start);
  return found;
};

/** The value of a string or number attribute, to compare lists of items by it. */
export const scalarOf = (item: Readonly<Record<string, AttributeValue>>, name: string): string | undefined =>
  item[name]?.S ?? item[name]?.N;

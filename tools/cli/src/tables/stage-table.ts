import {
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { Failure } from '../failure.ts';

/** An item as it is stored: the services' own code says what is in it. */
export type Item = Readonly<Record<string, unknown>>;
export type Position = Readonly<Record<string, string>>;

export interface ItemPage {
  readonly items: readonly Item[];
  /** Absent with the last page. */
  readonly next?: Position;
}

export interface PageRequest {
  readonly table: string;
  /** One partition; all of the table when absent. */
  readonly partition?: string;
  readonly after: Position | undefined;
  /** Items, at most. */
  readonly limit: number;
}

/** Reads a page of a table, wherever that is stored. */
export type ReadPage = (request: PageRequest) => Promise<ItemPage>;

/** Reads pages of tables of DynamoDB: see `readPage`. */
export const pageReader =
  (client: DynamoDBClient): ReadPage =>
  (request) =>
    readPage(client, request);

/**
 * One page of a table or of a partition of it, read consistently: what was written before is in it.
 *
 * @throws the SDK's error when it cannot be read, also after its retries
 */
export async function readPage(client: DynamoDBClient, request: PageRequest): Promise<ItemPage> {
  const { table, partition, after, limit } = request;
  const documents = DynamoDBDocumentClient.from(client);
  const page = {
    TableName: table,
    ConsistentRead: true,
    Limit: limit,
    ...(after !== undefined && { ExclusiveStartKey: { ...after } }),
  };
  const { Items: items = [], LastEvaluatedKey: next } = await (partition === undefined
    ? documents.send(new ScanCommand(page))
    : documents.send(new QueryCommand({ ...page, ...inPartition(partition) })));
  return { items, ...(next !== undefined && { next }) };
}

/** One item, read consistently. @returns undefined when there is none */
export async function readItem(
  client: DynamoDBClient,
  table: string,
  key: Position,
): Promise<Item | undefined> {
  const { Item } = await DynamoDBDocumentClient.from(client).send(
    new GetCommand({ TableName: table, Key: { ...key }, ConsistentRead: true }),
  );
  return Item;
}

const inPartition = (partition: string) => ({
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': partition },
});

/**
 * How many items a table has: AWS counts about every six hours (DescribeTable in the DynamoDB API reference).
 *
 * @throws Failure when there is no such table
 */
export async function approximateItems(client: DynamoDBClient, table: string): Promise<number> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    return Table?.ItemCount ?? 0;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new Failure(
      `There is no table ${table} here. Is the stage deployed, and is this the right region?`,
    );
  }
}

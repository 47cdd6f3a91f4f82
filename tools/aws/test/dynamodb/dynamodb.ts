import { createDynamoDb, type DynamoDb, type DynamoDbOptions } from '../../dynamodb/service.ts';
import { AwsError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/service.ts';
import { ManualClock } from '../manual-clock.ts';
import { seededChance } from '../seeded-chance.ts';

const caller = { signal: new AbortController().signal, origin: 'http://127.0.0.1' };

interface Answer {
  readonly [member: string]: unknown;
}

/** A DynamoDB of a test's own, called without a network. */
export class TestDynamoDb {
  readonly clock = new ManualClock();
  readonly service: DynamoDb;

  constructor(options: Partial<DynamoDbOptions> = {}) {
    const chance = seededChance(1);
    this.service = createDynamoDb({ clock: this.clock, chance, region: 'eu-central-1', ...options });
  }

  async call(operation: string, input: JsonObject): Promise<Answer> {
    const target = /^(ListStreams|DescribeStream|GetShardIterator|GetRecords)$/.test(operation)
      ? 'DynamoDBStreams_20120810'
      : 'DynamoDB_20120810';
    // As over HTTP: nothing that goes in or comes out is shared.
    const answer = await this.service.call(target, operation, JSON.parse(JSON.stringify(input)), caller);
    return JSON.parse(JSON.stringify(answer)) as Answer;
  }

  /** @throws Error when the operation succeeds */
  async refused(operation: string, input: JsonObject): Promise<AwsError> {
    try {
      await this.call(operation, input);
    } catch (error) {
      if (error instanceof AwsError) return error;
      throw error;
    }
    throw new Error(`${operation} succeeded`);
  }

  /** Creates a table with the hash key `pk`, or more. */
  async createTable(name: string, more: JsonObject = {}): Promise<Answer> {
    return this.call('CreateTable', {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      ...more,
    });
  }

  async put(table: string, item: JsonObject, more: JsonObject = {}): Promise<Answer> {
    return this.call('PutItem', { TableName: table, Item: item, ...more });
  }

  async get(table: string, key: JsonObject): Promise<unknown> {
    const { Item } = await this.call('GetItem', { TableName: table, Key: key, ConsistentRead: true });
    return Item;
  }
}

/** `pk` and `sk`, both texts or `type`. */
export const compositeKey = (type = 'S'): JsonObject => ({
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: type },
  ],
});

export const withStream = (viewType = 'NEW_AND_OLD_IMAGES'): JsonObject => ({
  StreamSpecification: { StreamEnabled: true, StreamViewType: viewType },
});

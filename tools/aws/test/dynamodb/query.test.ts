import fc from 'fast-check';
import type { JsonObject } from '../../protocol/service.ts';
import { compositeKey, TestDynamoDb } from './dynamodb.ts';

const T = 'things';

interface Page {
  readonly Items: readonly JsonObject[];
  readonly Count: number;
  readonly ScannedCount: number;
  readonly LastEvaluatedKey?: JsonObject;
}

/** All pages of a query or scan. */
const walk = async (db: TestDynamoDb, operation: string, input: JsonObject): Promise<readonly Page[]> => {
  const pages: Page[] = [];
  let start: JsonObject | undefined;
  do {
    const page = (await db.call(operation, { ...input, ExclusiveStartKey: start })) as unknown as Page;
    pages.push(page);
    start = page.LastEvaluatedKey;
  } while (start);
  return pages;
};

const byKind: JsonObject = {
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-kind',
      KeySchema: [
        { AttributeName: 'kind', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['title'] },
    },
  ],
  AttributeDefinitions: ['pk', 'kind', 'at'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
};

describe('A query', () => {
  it('sorts texts by their bytes in UTF-8', async () => {
    const db = new TestDynamoDb();
    await db.createTable(T, compositeKey());
    const texts = ['😀', '\ufffd', 'é', 'z', 'Z', '\u0000', 'a\u0000', 'a'];
    for (const text of texts) await db.put(T, { pk: { S: 'p' }, sk: { S: text } });
    const [page] = await walk(db, 'Query', {
      TableName: T,
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'p' } },
    });
    const sorted = [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(page?.Items.map(({ sk }) => sk)).toEqual(sorted.map((S) => ({ S })));
  });

  it('gives what a naive model gives, for every condition, direction and page size', async () => {
    const value = fc.integer({ min: -9, max: 9 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(value, { maxLength: 15 }),
        fc.constantFrom('=', '<', '<=', '>', '>=', 'BETWEEN'),
        value,
        fc.nat(5),
        fc.boolean(),
        fc.integer({ min: 1, max: 4 }),
        async (numbers, operator, low, width, forward, limit) => {
          const db = new TestDynamoDb();
          await db.createTable(T, compositeKey('N'));
          for (const n of numbers) await db.put(T, { pk: { S: 'p' }, sk: { N: String(n) } });
          const high = low + width;
          const tests: Record<string, (n: number) => boolean> = {
            '=': (n) => n === low,
            '<': (n) => n < low,
            '<=': (n) => n <= low,
            '>': (n) => n > low,
            '>=': (n) => n >= low,
            BETWEEN: (n) => n >= low && n <= high,
          };
          const range = operator === 'BETWEEN' ? 'sk BETWEEN :low AND :high' : `sk ${operator} :low`;
          const pages = await walk(db, 'Query', {
            TableName: T,
            KeyConditionExpression: `pk = :p AND ${range}`,
            ExpressionAttributeValues: {
              ':p': { S: 'p' },
              ':low': { N: String(low) },
              ...(operator === 'BETWEEN' && { ':high': { N: String(high) } }),
            },
            ScanIndexForward: forward,
            Limit: limit,
          });
          const expected = numbers
            .filter((n) => tests[operator]?.(n))
            .sort((a, b) => (forward ? a - b : b - a))
            .map((n) => ({ pk: { S: 'p' }, sk: { N: String(n) } }));
          expect(pages.flatMap(({ Items }) => Items)).toEqual(expected);
          expect(Math.max(...pages.map(({ Count }) => Count))).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('follows an index as items enter, move in and leave it', async () => {
    const db = new TestDynamoDb();
    await db.createTable(T, byKind);
    const titles = async (): Promise<readonly unknown[]> => {
      const pages = await walk(db, 'Query', {
        TableName: T,
        IndexName: 'by-kind',
        KeyConditionExpression: 'kind = :k AND begins_with(#at, :y)',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':k': { S: 'a' }, ':y': { S: '2026' } },
        Limit: 1,
      });
      return pages.flatMap(({ Items }) => Items.map(({ title }) => title));
    };
    const put = (pk: string, kind: string | undefined, at: string, secret = 'x') =>
      db.put(T, {
        pk: { S: pk },
        ...(kind && { kind: { S: kind } }),
        at: { S: at },
        title: { S: pk },
        secret: { S: secret },
      });
    await put('1', 'a', '2026-03');
    await put('2', 'a', '2026-02');
    await put('3', 'b', '2026-01');
    await put('4', 'a', '2025-12');
    expect(await titles()).toEqual([{ S: '2' }, { S: '1' }]);
    await put('1', 'a', '2026-01');
    await put('2', undefined, '2026-02');
    await put('3', 'a', '2026-09');
    expect(await titles()).toEqual([{ S: '1' }, { S: '3' }]);
    await db.call('DeleteItem', { TableName: T, Key: { pk: { S: '1' } } });
    expect(await titles()).toEqual([{ S: '3' }]);
  });

  it('goes on among equal sort keys of an index without losing or repeating an item', async () => {
    const db = new TestDynamoDb();
    await db.createTable(T, byKind);
    for (let n = 0; n < 9; n++) await db.put(T, { pk: { S: `i${n}` }, kind: { S: 'a' }, at: { S: 'same' } });
    for (const ScanIndexForward of [true, false]) {
      const pages = await walk(db, 'Query', {
        TableName: T,
        IndexName: 'by-kind',
        KeyConditionExpression: 'kind = :k',
        ExpressionAttributeValues: { ':k': { S: 'a' } },
        Limit: 2,
        ScanIndexForward,
      });
      const seen = pages.flatMap(({ Items }) => Items.map(({ pk }) => JSON.stringify(pk)));
      expect(seen).toHaveLength(9);
      expect(new Set(seen).size).toBe(9);
    }
  });

  it('ends a page after 1 MB, and filters what it read', async () => {
    const db = new TestDynamoDb();
    await db.createTable(T, compositeKey());
    for (let n = 0; n < 8; n++)
      await db.put(T, { pk: { S: 'p' }, sk: { S: String(n) }, x: { S: 'x'.repeat(300_000) } });
    const pages = await walk(db, 'Query', {
      TableName: T,
      KeyConditionExpression: 'pk = :p',
      FilterExpression: 'size(x) < :n',
      ExpressionAttributeValues: { ':p': { S: 'p' }, ':n': { N: '5' } },
    });
    expect(pages.map(({ Count, ScannedCount }) => [Count, ScannedCount])).toEqual([
      [0, 4],
      [0, 4],
      [0, 0],
    ]);
  });

  it.each<[string, JsonObject, string]>([
    [
      'no key condition',
      {},
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    ],
    [
      'an unknown index',
      { IndexName: 'nope', KeyConditionExpression: 'pk = :p' },
      'The table does not have the specified index: nope',
    ],
    [
      'a consistent read of a global index',
      { IndexName: 'by-kind', ConsistentRead: true, KeyConditionExpression: 'kind = :p' },
      'Consistent reads are not supported on global secondary indexes',
    ],
    [
      'an attribute that is no key',
      { KeyConditionExpression: 'title = :p' },
      'Query condition missed key schema element: pk',
    ],
    [
      'OR',
      { KeyConditionExpression: 'pk = :p OR pk = :p' },
      'Invalid operator used in KeyConditionExpression: OR',
    ],
    ['a range of partitions', { KeyConditionExpression: 'pk > :p' }, 'Query key condition not supported'],
    [
      'a filter on its key',
      { KeyConditionExpression: 'pk = :p', FilterExpression: 'attribute_exists(pk)' },
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: pk',
    ],
    [
      'a projection that its index lacks',
      { IndexName: 'by-kind', KeyConditionExpression: 'kind = :p', ProjectionExpression: 'secret' },
      'One or more parameter values were invalid: Global secondary index by-kind does not project [secret]',
    ],
    [
      'a limit of 0',
      { KeyConditionExpression: 'pk = :p', Limit: 0 },
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'KeyConditions',
      { KeyConditions: {} },
      'The parameter KeyConditions of Query is not implemented by this DynamoDB',
    ],
  ])('is refused for %s', async (_, request, message) => {
    const db = new TestDynamoDb();
    await db.createTable(T, byKind);
    const values =
      'KeyConditionExpression' in request ? { ExpressionAttributeValues: { ':p': { S: 'p' } } } : {};
    const error = await db.refused('Query', { TableName: T, ...request, ...values });
    expect(error.message).toBe(message);
  });
});

describe('A scan', () => {
  it('finds every item once, in pages and in segments', async () => {
    const db = new TestDynamoDb();
    await db.createTable(T, compositeKey());
    for (let n = 0; n < 60; n++) await db.put(T, { pk: { S: `p${n % 17}` }, sk: { S: String(n) } });
    const sorted = Array.from({ length: 60 }, (_, n) => n);
    const numbers = (pages: readonly Page[]): number[] =>
      pages.flatMap(({ Items }) => Items.map((item) => Number((item.sk as { S: string }).S)));
    const all = numbers(await walk(db, 'Scan', { TableName: T, Limit: 7 }));
    expect(all.sort((a, b) => a - b)).toEqual(sorted);
    const segments = await Promise.all(
      [0, 1, 2, 3].map((Segment) => walk(db, 'Scan', { TableName: T, Limit: 3, Segment, TotalSegments: 4 })),
    );
    expect(segments.flatMap(numbers).sort((a, b) => a - b)).toEqual(sorted);
    expect(segments.every((pages) => numbers(pages).length > 0)).toBe(true);
  });
});

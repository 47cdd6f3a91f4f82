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

describe('A query', () => {
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

  it('is refused without a key condition', async () => {
    const db = new TestDynamoDb();
    await db.createTable(T);
    expect((await db.refused('Query', { TableName: T })).message).toBe(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  });
});

import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { withDeadline } from '../observability/request-context.ts';
import type { Page, PageQuery } from '../table/types.ts';
import { fromAttributes, toAttributes } from './attributes.ts';
import { client } from './client.ts';

/**
 * Reads one page of a partition: consistently from a table, eventually consistently from an index.
 *
 * @throws the SDK's errors, after its own retries
 */
export async function queryPage<Item extends object>(
  tableName: string,
  { partition: [name, value], upTo, index, limit, after, descending }: PageQuery,
): Promise<Page<Item>> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: index,
      KeyConditionExpression: `#partition = :partition${upTo ? ' AND #sort <= :upTo' : ''}`,
      ExpressionAttributeNames: { '#partition': name, ...(upTo && { '#sort': upTo[0] }) },
      ExpressionAttributeValues: { ':partition': { S: value }, ...(upTo && { ':upTo': { S: upTo[1] } }) },
      ScanIndexForward: !descending,
      // One more shows whether there is another page: DynamoDB returns a key also where nothing is left.
      Limit: limit + 1,
      ExclusiveStartKey: after && toAttributes(after),
      ConsistentRead: index === undefined,
    }),
    withDeadline(),
  );
  const found = Items.map((item) => fromAttributes<Item>(item));
  const items = found.slice(0, limit);
  if (LastEvaluatedKey === undefined) return { items };
  const last = found.length > limit ? found[limit - 1] : fromAttributes(LastEvaluatedKey);
  const next = Object.fromEntries(
    Object.keys(LastEvaluatedKey).map((name) => [name, Reflect.get(last ?? {}, name)]),
  );
  return { items, next };
}

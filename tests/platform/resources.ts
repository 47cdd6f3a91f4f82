import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CloudEvent } from '@orderly/contracts';
import { createServiceResources } from '@orderly/local/service-config';
import { testEndpoints } from '@orderly/local/testing';

const dynamodb = new DynamoDBClient({});
const documents = DynamoDBDocumentClient.from(dynamodb);

/** Before all integration tests of a file: the service's own table and queues. */
export function withResourcesOf(service: string, stage = 'test'): void {
  beforeAll(async () => {
    await createServiceResources({
      dir: join(__dirname, '../../services', service),
      stage,
      endpoints: testEndpoints(),
    });
  });
}

/** One item as it is stored, read consistently. */
export async function storedItem(
  table: string,
  key: Readonly<Record<string, string>>,
): Promise<Record<string, unknown> | undefined> {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
  return Item;
}

/** Forgets an item, whether it is there or not. */
export async function removeItem(table: string, key: Readonly<Record<string, string>>): Promise<void> {
  await documents.send(new DeleteCommand({ TableName: table, Key: key }));
}

/** Takes an attribute off an item, as one has it that was written before the attribute was. */
export async function removeAttribute(
  table: string,
  key: Readonly<Record<string, string>>,
  name: string,
): Promise<void> {
  const update = { UpdateExpression: 'REMOVE #name', ExpressionAttributeNames: { '#name': name } };
  await documents.send(new UpdateCommand({ TableName: table, Key: key, ...update }));
}

/** The events that the last write to an item caused, as subscribers get them; `undefined` without an outbox. */
export async function outboxOf(
  table: string,
  key: Readonly<Record<string, string>>,
): Promise<CloudEvent[] | undefined> {
  const item = await storedItem(table, key);
  const outbox = item?.outbox as { events: { body: string }[] } | undefined;
  return outbox?.events.map(({ body }) => JSON.parse(body) as CloudEvent);
}

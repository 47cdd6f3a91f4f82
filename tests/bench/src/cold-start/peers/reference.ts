// What the variants are measured against: the least code that checks a body and writes it with the bare SDK.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

const client = new DynamoDBClient({});

export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const { name, price }: { name?: unknown; price?: unknown } = JSON.parse(event.body ?? '{}');
  if (typeof name !== 'string' || typeof price !== 'number') return { statusCode: 400 };
  const TableName = process.env.TABLE_NAME;
  const Item = { pk: { S: event.requestContext.requestId }, name: { S: name }, price: { N: String(price) } };
  await client.send(new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' }));
  return { statusCode: 201, body: JSON.stringify({ name, price }) };
}

// The same job as reference.ts with aws-lite, the small client of the OpenJS Foundation. https://aws-lite.org
import awsLite from '@aws-lite/client';
import dynamodbPlugin, { type DynamoDB } from '@aws-lite/dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

// The endpoint of one service it takes from its configuration only; on AWS there is none to give.
const { AWS_ENDPOINT_URL_DYNAMODB: endpoint, TABLE_NAME = '' } = process.env;
const aws = awsLite({ plugins: [dynamodbPlugin], ...(endpoint !== undefined && { endpoint }) });

export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const { name, price }: { name?: unknown; price?: unknown } = JSON.parse(event.body ?? '{}');
  if (typeof name !== 'string' || typeof price !== 'number') return { statusCode: 400 };
  const { DynamoDB: dynamodb } = (await aws) as unknown as { readonly DynamoDB: DynamoDB };
  await dynamodb.PutItem({
    TableName: TABLE_NAME,
    Item: { pk: event.requestContext.requestId, name, price },
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  return { statusCode: 201, body: JSON.stringify({ name, price }) };
}

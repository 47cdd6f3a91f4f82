// The same job as reference.ts with middy: its body parser, its validator with a schema compiled at build time, and its
// error handler. https://middy.js.org/docs/middlewares/validator

import validateProduct from 'compiled:product-schema';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import validator from '@middy/validator';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

type ProductEvent = Omit<APIGatewayProxyEventV2, 'body'> & { readonly body: { name: string; price: number } };

const client = new DynamoDBClient({});

async function putProduct({
  body,
  requestContext,
}: ProductEvent): Promise<APIGatewayProxyStructuredResultV2> {
  const { name, price } = body;
  const Item = { pk: { S: requestContext.requestId }, name: { S: name }, price: { N: String(price) } };
  const TableName = process.env.TABLE_NAME;
  await client.send(new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' }));
  return { statusCode: 201, body: JSON.stringify({ name, price }) };
}

export const handler = middy<ProductEvent, APIGatewayProxyStructuredResultV2>()
  .use(httpJsonBodyParser())
  .use(validator({ eventSchema: validateProduct }))
  .use(httpErrorHandler())
  .handler(putProduct);

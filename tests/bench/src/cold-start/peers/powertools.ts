// The same job as reference.ts with all of Powertools for AWS Lambda. Its batch processor has nothing to do in a function
// behind HTTP; it is here as it is in a function that has everything. https://docs.aws.amazon.com/powertools/typescript
import { BatchProcessor, EventType } from '@aws-lambda-powertools/batch';
import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { parse } from '@aws-lambda-powertools/parser';
import { JSONStringified } from '@aws-lambda-powertools/parser/helpers';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { z } from 'zod';

const product = z.object({ name: z.string().min(1), price: z.number().int().nonnegative() });
const productEvent = z.object({
  body: JSONStringified(product),
  requestContext: z.object({ requestId: z.string() }),
});

const TableName = process.env.TABLE_NAME ?? '';
const logger = new Logger();
const metrics = new Metrics({ namespace: 'bench' });
const tracer = new Tracer();
const client = tracer.captureAWSv3Client(new DynamoDBClient({}));
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: TableName, keyAttr: 'pk' });

export const processor = new BatchProcessor(EventType.SQS);

const putProduct = makeIdempotent(
  async (pk: string, { name, price }: z.infer<typeof product>) => {
    const Item = { pk: { S: pk }, name: { S: name }, price: { N: String(price) } };
    await client.send(
      new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
    return { name, price };
  },
  { persistenceStore, dataIndexArgument: 0 },
);

export async function handler(
  event: APIGatewayProxyEventV2,
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2> {
  logger.addContext(context);
  const { body, requestContext } = parse(event, undefined, productEvent);
  const put = await putProduct(requestContext.requestId, body);
  metrics.addMetric('Written', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  return { statusCode: 201, body: JSON.stringify(put) };
}

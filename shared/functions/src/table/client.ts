import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientConfig } from '../aws-client.ts';
import { traced } from '../observability/span.ts';

/** The one client of a container for all of its tables. */
export const client = traced(new DynamoDBClient(clientConfig));

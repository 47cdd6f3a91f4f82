import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientConfig } from './client-config.ts';
import { traced } from './traced.ts';

/** The one client of a container for all of its tables. */
export const client = traced(new DynamoDBClient(clientConfig));

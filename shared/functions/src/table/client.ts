import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { clientConfig } from '../aws-client.ts';
import { traced } from '../observability/span.ts';

export const marshallOptions = { removeUndefinedValues: true };

/** The one client of a container for all of its tables. */
export const client = DynamoDBDocumentClient.from(traced(new DynamoDBClient(clientConfig)), {
  // A copy, because the client adds to it.
  marshallOptions: { ...marshallOptions },
});

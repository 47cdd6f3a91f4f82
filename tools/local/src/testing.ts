import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startEmulators } from './emulators.ts';
import { freePort } from './ports.ts';
import { dummyCredentials } from './settings.ts';

export interface TestEmulators {
  readonly dynamodb: string;
  readonly sqs: string;
  stop(): Promise<void>;
}

/**
 * For integration tests: an empty DynamoDB and an empty SQS on free ports. Works from Jest
 * (CommonJS) as from anywhere. They end with the test process even when `stop` is never called.
 * @throws Error with the reason when one cannot start
 */
export const startTestEmulators = async (): Promise<TestEmulators> => {
  const { dynamodb, sqs, stop } = await startEmulators({ dynamodb: await freePort(), sqs: 0 });
  if (dynamodb === undefined || sqs === undefined)
    throw new Error('The emulators did not say where they are.');
  return { dynamodb, sqs, stop };
};

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
}

/** API clients for emulators; the caller destroys them. */
export const localClients = (
  endpoints: { readonly dynamodb: string; readonly sqs: string },
  region: string,
): Clients => {
  const common = { region, credentials: dummyCredentials };
  return {
    dynamodb: new DynamoDBClient({ ...common, endpoint: endpoints.dynamodb }),
    sqs: new SQSClient({ ...common, endpoint: endpoints.sqs }),
  };
};

/** Where the emulators are that were started for all integration tests. */
export const testEndpoints = () => ({
  dynamodb: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '',
  sqs: process.env.AWS_ENDPOINT_URL_SQS ?? '',
});

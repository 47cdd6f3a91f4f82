import { startEmulators } from './emulators.ts';
import { freePort } from './ports.ts';

export interface TestEmulators {
  readonly dynamodb: string;
  readonly sqs: string;
  stop(): Promise<void>;
}

/**
 * For integration tests: an empty DynamoDB and an empty SQS on free ports. Works from Jest
 * (CommonJS) as from anywhere. They end with the test process even when `stop` is never called.
 * @throws Error with the reason when one cannot start, e.g. Java is missing
 */
export const startTestEmulators = async (): Promise<TestEmulators> => {
  const { dynamodb, sqs, stop } = await startEmulators({ dynamodb: await freePort(), sqs: 0 });
  if (dynamodb === undefined || sqs === undefined)
    throw new Error('The emulators did not say where they are.');
  return { dynamodb, sqs, stop };
};

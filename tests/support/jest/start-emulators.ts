import { startTestEmulators, type TestEmulators } from '@orderly/local/testing';

declare global {
  var emulators: TestEmulators | undefined;
}

/** Once for all integration tests: DynamoDB and SQS, where every AWS client of the tests finds them. */
export default async function startEmulators(): Promise<void> {
  globalThis.emulators = await startTestEmulators();
  process.env.AWS_ENDPOINT_URL_DYNAMODB = globalThis.emulators.dynamodb;
  process.env.AWS_ENDPOINT_URL_SQS = globalThis.emulators.sqs;
}

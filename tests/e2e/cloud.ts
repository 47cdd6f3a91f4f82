import type { PlatformRecord } from '@orderly/local/platform-record';

/** On whose libraries the platform under test runs; `undefined`: on the embedded AWS, or on AWS. */
export const cloudUnderTest = (): PlatformRecord['cloud'] =>
  process.env.ORDERLY_E2E_CLOUD as PlatformRecord['cloud'];

/** The tests that `npm run test:e2e -- --cloud <name>` leaves out: what another cloud does not have, and why. */
export const notOnClouds: readonly { readonly test: string; readonly why: string }[] = [
  { test: 'console', why: 'the console shows DynamoDB, SQS, and functions under serverless-offline' },
  { test: 'demo', why: 'its summary asks DynamoDB and SQS' },
  { test: 'events', why: 'it subscribes with a queue of SQS' },
  { test: 'examples/', why: 'the examples are subscribers on SQS' },
  { test: 'real-data', why: 'the demo, with other products' },
  { test: 'recovery', why: 'orderly dlq works on SQS' },
  { test: 'replay', why: 'orderly replay works on DynamoDB and SQS' },
  { test: 'runbooks', why: 'the runbooks are for AWS' },
  { test: 'seeing', why: 'orderly trace and topology ask DynamoDB and SQS' },
  { test: 'subscribing', why: 'it runs the subscribers of docs/subscribing.md, which own queues of SQS' },
  { test: 'tour', why: 'it runs orderly' },
];

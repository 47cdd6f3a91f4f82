import type { PlatformRecord } from '@orderly/local/platform-record';

/** On whose libraries the platform under test runs; `undefined`: on the embedded AWS, or on AWS. */
export const cloudUnderTest = (): PlatformRecord['cloud'] =>
  process.env.ORDERLY_E2E_CLOUD as PlatformRecord['cloud'];

/** Parts of paths of tests that are not for the platform under test: `*.clouds.e2e.ts` is for Azure and Google Cloud. */
export const leftOut = (cloud = cloudUnderTest()): readonly string[] =>
  cloud === undefined ? ['\\.clouds\\.e2e\\.ts$'] : notOnClouds.map(({ test }) => `/tests/e2e/${test}`);

/** The tests that `npm run test:e2e -- --cloud <name>` leaves out: what another cloud does not have, and why. */
const notOnClouds: readonly { readonly test: string; readonly why: string }[] = [
  {
    test: 'console.local',
    why: 'it breaks items of DynamoDB and floods SQS; console-everywhere has the rest',
  },
  { test: 'console-page', why: 'it is about the page itself, which is the same everywhere' },
  { test: 'demo', why: 'its summary asks DynamoDB and SQS' },
  { test: 'examples/', why: 'the examples are subscribers on SQS' },
  { test: 'real-data', why: 'the demo, with other products' },
  { test: 'recovery', why: 'orderly dlq works on SQS; dead-letters.clouds.e2e.ts does without' },
  { test: 'replay', why: 'orderly replay works on DynamoDB and SQS' },
  { test: 'runbooks', why: 'the runbooks are for AWS' },
  { test: 'seeing', why: 'orderly trace and topology ask DynamoDB and SQS' },
  { test: 'subscribing.local', why: 'it runs the subscriber on SQS; each cloud has its own' },
  { test: 'tour', why: 'it runs orderly' },
];

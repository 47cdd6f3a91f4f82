import { SQSClient } from '@aws-sdk/client-sqs';
import { walk } from '../src/dead-letters/walk.ts';
import type { Target } from '../src/target.ts';

/** Walks through an empty queue. @returns how long it has waited for messages, in seconds */
async function waitedAt(endpoints: Target['endpoints']): Promise<readonly unknown[]> {
  const waited: unknown[] = [];
  const sqs = new SQSClient({ region: 'eu-central-1' });
  sqs.middlewareStack.add(
    () => async (args) => {
      waited.push(Object(args.input).WaitTimeSeconds);
      return { output: { $metadata: {} }, response: undefined };
    },
    { step: 'initialize' },
  );
  const target = { region: 'eu-central-1', endpoints, description: 'somewhere' };
  const options = { target, signal: new AbortController().signal };
  await walk(sqs, 'https://sqs.example/1/queue', options, async () => new Set());
  return waited;
}

it.each([
  ['AWS', {}],
  ['an address elsewhere', { sqs: 'https://sqs.internal.example' }],
  ['AWS, beside a database here', { dynamodb: 'http://127.0.0.1:8000' }],
])('on %s a queue is empty when none of its servers has anything for a second', async (_where, endpoints) => {
  expect(await waitedAt(endpoints)).toEqual([1]);
});

it('on this machine a queue is empty at once: an emulator is one server', async () => {
  expect(await waitedAt({ sqs: 'http://127.0.0.1:9324' })).toEqual([0]);
});

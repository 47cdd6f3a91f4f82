import assert from 'node:assert/strict';
import { it, mock } from 'node:test';
import type { SQSRecord } from 'aws-lambda';
import { handleInOrder } from '../src/fifo-batch.ts';

const record = (messageId: string, group: string): SQSRecord => ({
  messageId,
  body: messageId,
  receiptHandle: '',
  attributes: {
    MessageGroupId: group,
    ApproximateReceiveCount: '1',
    SentTimestamp: '',
    SenderId: '',
    ApproximateFirstReceiveTimestamp: '',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: '',
  awsRegion: '',
});

it('gives back what failed and what follows it in its group, and handles the rest', async () => {
  mock.method(console, 'error', () => {});
  const tried: string[] = [];

  const answer = await handleInOrder(
    [record('a1', 'a'), record('b1', 'b'), record('a2', 'a'), record('b2', 'b'), record('a3', 'a')],
    async (body) => {
      tried.push(body);
      if (body === 'a2') throw new Error('refused');
    },
  );

  assert.deepEqual(tried, ['a1', 'b1', 'a2', 'b2']);
  assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'a2' }, { itemIdentifier: 'a3' }] });
});

it('acknowledges all when all are handled', async () => {
  const answer = await handleInOrder([record('a1', 'a'), record('a2', 'a')], async () => {});

  assert.deepEqual(answer, { batchItemFailures: [] });
});

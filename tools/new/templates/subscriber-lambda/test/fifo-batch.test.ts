import assert from 'node:assert/strict';
import { it, mock } from 'node:test';
import type { SQSRecord } from 'aws-lambda';
import { handleInOrder } from '../src/fifo-batch.ts';

const record = (messageId: string, group: string, receives = 1): SQSRecord => ({
  messageId,
  body: messageId,
  receiptHandle: '',
  attributes: {
    MessageGroupId: group,
    ApproximateReceiveCount: String(receives),
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

it('gives back a failed message and those behind it in its group, and handles the rest', async () => {
  mock.method(console, 'error', () => {});
  const tried: string[] = [];

  const answer = await handleInOrder(
    [record('a1', 'a'), record('b1', 'b'), record('a2', 'a'), record('b2', 'b'), record('a3', 'a')],
    async (body) => {
      tried.push(body);
      if (body === 'a2') throw new Error('refused');
    },
    5,
  );

  assert.deepEqual(tried, ['a1', 'b1', 'a2', 'b2']);
  assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'a2' }, { itemIdentifier: 'a3' }] });
});

it('acknowledges a batch in which every message was handled', async () => {
  const answer = await handleInOrder([record('a1', 'a'), record('a2', 'a')], async () => {}, 5);

  assert.deepEqual(answer, { batchItemFailures: [] });
});

it('continues behind a message that fails on its last receive', async () => {
  mock.method(console, 'error', () => {});
  const tried: string[] = [];

  const answer = await handleInOrder(
    [record('a1', 'a', 5), record('a2', 'a', 5), record('a3', 'a', 4), record('a4', 'a', 4)],
    async (body) => {
      tried.push(body);
      if (body === 'a1' || body === 'a3') throw new Error('refused');
    },
    5,
  );

  assert.deepEqual(tried, ['a1', 'a2', 'a3']);
  assert.deepEqual(answer, {
    batchItemFailures: [{ itemIdentifier: 'a1' }, { itemIdentifier: 'a3' }, { itemIdentifier: 'a4' }],
  });
});

it('tries a message on its last receive even behind one that will be redelivered', async () => {
  mock.method(console, 'error', () => {});
  const tried: string[] = [];

  await handleInOrder(
    [record('a1', 'a', 3), record('a2', 'a', 5)],
    async (body) => {
      tried.push(body);
      throw new Error('refused');
    },
    5,
  );

  assert.deepEqual(tried, ['a1', 'a2']);
});

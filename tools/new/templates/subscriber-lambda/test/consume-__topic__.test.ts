import assert from 'node:assert/strict';
import { it, mock } from 'node:test';
import {
  __Event__,
} from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import type { SQSRecord } from 'aws-lambda';
import { handler } from '../src/consume-__topic__.ts';

const record = (messageId: string, body: string): SQSRecord => ({
  messageId,
  body,
  receiptHandle: '',
  attributes: {
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

const events = [
  sampleEvent(__Event__),
];

it('handles each event of the subscription', async () => {
  const log = mock.method(console, 'log', () => {});

  const answer = await handler({ Records: events.map((event) => record(event.id, JSON.stringify(event))) });

  assert.deepEqual(answer, { batchItemFailures: [] });
  assert.deepEqual(
    log.mock.calls.map(({ arguments: [line] }) => line),
    events.map(({ type, subject, sequence }) => `${type} of ${subject}, version ${sequence}`),
  );
});

it('gives back what is no event', async () => {
  mock.method(console, 'error', () => {});

  const answer = await handler({ Records: [record('1', 'hello')] });

  assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: '1' }] });
});

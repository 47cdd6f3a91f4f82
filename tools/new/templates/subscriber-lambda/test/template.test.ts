import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import {
  __Event__,
} from '@orderly/contracts';
import { readTemplate } from '../local-resources.ts';

const handled = [
  __Event__,
];
const { functions, resources } = readTemplate(
  readFileSync(new URL('../serverless.yml', import.meta.url), 'utf8'),
  'test',
);
const { timeout, environment } = functions['consume-__topic__'];
const subscription = resources.Resources.Subscription.Properties;
const failures = resources.Resources.SubscriptionFailures.Properties;

it('subscribes to the events that its function handles', () => {
  assert.equal(subscription.QueueName, 'test-__topic__--__name__.fifo');
  assert.deepEqual(subscription.Tags, [
    { Key: 'orderly:events', Value: handled.map(({ name }) => name).join(' ') },
  ]);
  assert.deepEqual([...new Set(handled.map(({ topic }) => topic))], ['__topic__']);
});

it('dead-letters to a queue that is no subscription', () => {
  assert.equal(subscription.RedrivePolicy?.deadLetterTargetArn.name, 'SubscriptionFailures');
  assert.ok(!failures.QueueName.startsWith('test-__topic__--'));
});

it('hides a message for six times the timeout of the function', () => {
  assert.ok(Number(subscription.VisibilityTimeout) >= 6 * timeout);
});

it('passes the maximum receive count of the queue to the function', () => {
  assert.equal(environment.MAX_RECEIVE_COUNT, String(subscription.RedrivePolicy?.maxReceiveCount));
});

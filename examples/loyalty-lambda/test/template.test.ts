import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { OrderCancelled, OrderConfirmed } from '@orderly/contracts';
import { readTemplate } from '../local-resources.ts';

const yaml = readFileSync(new URL('../serverless.yml', import.meta.url), 'utf8');
const { functions, resources } = readTemplate(yaml, 'test');
const subscription = resources.Resources.Subscription.Properties;
const failures = resources.Resources.SubscriptionFailures.Properties;

it('subscribes to the events that its function handles', () => {
  assert.match(subscription.QueueName, new RegExp(`^test-${OrderConfirmed.topic}--[a-z]+\\.fifo$`));
  assert.deepEqual(subscription.Tags, [
    { Key: 'orderly:events', Value: `${OrderConfirmed.name} ${OrderCancelled.name}` },
  ]);
});

it('dead-letters to a queue that is no subscription', () => {
  assert.equal(subscription.RedrivePolicy?.deadLetterTargetArn.name, 'SubscriptionFailures');
  assert.ok(!failures.QueueName.startsWith(`test-${OrderConfirmed.topic}--`));
});

it('hides a message for six times the timeout of the function', () => {
  assert.ok(Number(subscription.VisibilityTimeout) >= 6 * functions['consume-order-events'].timeout);
});

it('passes the maximum receive count of the queue to the function', () => {
  const { MAX_RECEIVE_COUNT } = functions['consume-order-events'].environment;
  assert.equal(MAX_RECEIVE_COUNT, String(subscription.RedrivePolicy?.maxReceiveCount));
});

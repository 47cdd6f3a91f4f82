import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { OrderCancelled, OrderConfirmed } from '@orderly/contracts';
import { readTemplate } from '../local-resources.ts';

const yaml = readFileSync(new URL('../serverless.yml', import.meta.url), 'utf8');
const { functions, resources } = readTemplate(yaml, 'test');
const subscription = resources.Resources.Subscription.Properties;
const failures = resources.Resources.SubscriptionFailures.Properties;

it('subscribes by its name to the events that its function handles', () => {
  assert.match(subscription.QueueName, new RegExp(`^test-${OrderConfirmed.topic}--[a-z]+\\.fifo$`));
  assert.deepEqual(subscription.Tags, [
    { Key: 'orderly:events', Value: `${OrderConfirmed.name} ${OrderCancelled.name}` },
  ]);
});

it('keeps what fails in a queue that is no subscription', () => {
  assert.equal(subscription.RedrivePolicy?.deadLetterTargetArn.name, 'SubscriptionFailures');
  assert.ok(!failures.QueueName.startsWith(`test-${OrderConfirmed.topic}--`));
});

it('hides a message for six times as long as the function may run', () => {
  assert.ok(Number(subscription.VisibilityTimeout) >= 6 * functions['consume-order-events'].timeout);
});

it('tells the function how often the queue delivers a message', () => {
  const { MAX_RECEIVE_COUNT } = functions['consume-order-events'].environment;
  assert.equal(MAX_RECEIVE_COUNT, String(subscription.RedrivePolicy?.maxReceiveCount));
});

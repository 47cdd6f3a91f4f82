import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { createClients } from '../src/clients.ts';
import { stuckTopics } from '../src/topology/stuck-topics.ts';

/** What CloudWatch answers for the publishers of orders, inventory and notifications: ms behind their streams. */
function sessionWith(ages: readonly number[]) {
  const cloudwatch = new CloudWatchClient({ region: 'eu-central-1' });
  const MetricDataResults = ages.map((age, index) => ({ Id: `q${index}`, Values: [age] }));
  cloudwatch.middlewareStack.add(
    () => async () => ({ output: { $metadata: {}, MetricDataResults }, response: {} }),
    { step: 'initialize' },
  );
  const clients = createClients({ region: 'eu-central-1', endpoints: {}, description: '' });
  return { clients: { ...clients, cloudwatch }, note: () => undefined, stage: 'dev' };
}

it('a publisher that is more than a minute behind its stream is stuck, with a link to the runbook', async () => {
  const stuck = await stuckTopics(sessionWith([720_000, 60_000, 400]), new Map());

  expect([...stuck]).toEqual([
    ['order-events', ['order-events: its publisher is 12 min behind; see docs/runbooks/iterator-age.md.']],
  ]);
});

it('topics with parked events or failed stream positions are stuck, and others are left out', async () => {
  const stuck = await stuckTopics(
    sessionWith([]),
    new Map([
      ['order-events', { parked: 2, streamFailures: 1 }],
      ['inventory-events', { parked: 0, streamFailures: null }],
    ]),
  );

  expect([...stuck]).toEqual([
    [
      'order-events',
      [
        'order-events: 2 events parked, which subscriptions did not take; see orderly dlq show order-events.',
        'order-events: its publisher gave up 1 batch of its stream; see orderly dlq show order-events--stream.',
      ],
    ],
  ]);
});

import { type Administration, administrate } from './client.ts';
import { ServiceBusUnderTest, SUBSCRIPTION, TOPIC } from './service-bus-under-test.ts';

// Microsoft's client for management. Source: https://learn.microsoft.com/rest/api/servicebus/subscriptions

const MANUAL = { maxAutoLockRenewalDurationInMs: 0 };
let under: ServiceBusUnderTest;
let management: Administration;
beforeEach(async () => {
  under = await ServiceBusUnderTest.start();
  management = await administrate(under.bus);
});
afterEach(() => under.stop());

const receive = async (name: string) => {
  const receiver = under.client.createReceiver(TOPIC, name, MANUAL);
  const messages = await receiver.receiveMessages(10, { maxWaitTimeInMs: 100 });
  await receiver.close();
  return messages.map(({ body }) => body);
};

it('a subscription that is created has what is sent from then on', async () => {
  await under.send({ body: 'before' });
  await management.createSubscription(TOPIC, 'new');
  await under.send({ body: 'after' });

  expect(await receive('new')).toEqual(['after']);
});

it.each([
  ['SQL', { sqlExpression: "sys.Label IN ('a', 'b')" }],
  ['properties', { subject: 'a' }],
])('a subscription is created with a rule of %s', async (_what, filter) => {
  await management.createSubscription(TOPIC, 'new', { defaultRuleOptions: { name: 'types', filter } });
  await under.send({ body: 'wanted', subject: 'a' }, { body: 'other', subject: 'c' });

  expect(await receive('new')).toEqual(['wanted']);
});

it('a subscription has the settings that it was created with, or the usual ones', async () => {
  const settings = { requiresSession: true, lockDuration: 'PT30S', maxDeliveryCount: 3 };

  expect(await management.createSubscription(TOPIC, 'new', settings)).toMatchObject({
    ...{ topicName: TOPIC, subscriptionName: 'new' },
    ...settings,
  });
  expect(await management.getSubscription(TOPIC, SUBSCRIPTION)).toMatchObject({
    ...{ requiresSession: false, lockDuration: 'PT60S', maxDeliveryCount: 10 },
  });
});

it('a message lives as long as its subscription says, and no longer', async () => {
  await management.createSubscription(TOPIC, 'new', { defaultMessageTimeToLive: 'PT1H' });
  await under.send({ body: 'one' }, { body: 'two', timeToLive: 7_200_000 });
  under.clock.advance(3_599_000);
  await under.send({ body: 'three' });
  under.clock.advance(1_000);

  expect(await receive('new')).toEqual(['three']);
});

it('a subscription that is deleted is gone with its messages', async () => {
  await under.send({ body: 'one' });
  await management.deleteSubscription(TOPIC, SUBSCRIPTION);

  expect(await management.subscriptionExists(TOPIC, SUBSCRIPTION)).toBe(false);
  await management.createSubscription(TOPIC, SUBSCRIPTION);
  expect(await receive(SUBSCRIPTION)).toEqual([]);
});

it.each([
  ['a name that another one has', TOPIC, SUBSCRIPTION, {}, 409],
  ['a topic that there is not', 'no-topic', 'new', {}, 404],
  ['a name that Azure refuses', TOPIC, 'a?b', {}, 400],
  ['too many deliveries', TOPIC, 'new', { maxDeliveryCount: 2_001 }, 400],
  ['what is not implemented', TOPIC, 'new', { forwardTo: 'other' }, 501],
])('a subscription with %s is refused', async (_what, topic, name, options, statusCode) => {
  await expect(management.createSubscription(topic, encodeURIComponent(name), options)).rejects.toMatchObject(
    { statusCode },
  );
});

it('what there is not can neither be shown nor deleted', async () => {
  await expect(management.getSubscription(TOPIC, 'none')).rejects.toMatchObject({
    code: 'MessageEntityNotFoundError',
  });
  await expect(management.deleteSubscription(TOPIC, 'none')).rejects.toMatchObject({ statusCode: 404 });
});

it('a broker that fails refuses management, too', async () => {
  under.bus.fail(true);

  await expect(management.getSubscription(TOPIC, SUBSCRIPTION)).rejects.toMatchObject({ statusCode: 503 });
});

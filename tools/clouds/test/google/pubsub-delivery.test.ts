import { conforms, SUBSCRIPTION, TOPIC } from './broker-under-test.ts';

const ordered = { enableMessageOrdering: true };
const key = { orderingKey: 'order-1' };

conforms('lease-management', {
  async 'A message comes again when its ack deadline passes, 10 seconds unless set'(pubsub) {
    await pubsub.subscribe();
    await pubsub.publish('a');
    expect(await pubsub.pullTexts()).toBe('a');

    pubsub.clock.advance(9_999);
    expect(await pubsub.pullTexts()).toBe('');
    pubsub.clock.advance(1);
    expect(await pubsub.pullTexts()).toBe('a');
  },
  async 'An acknowledged message does not come again'(pubsub) {
    await pubsub.subscribe({ ackDeadlineSeconds: 30 });
    await pubsub.publish('a');
    await pubsub.ack(...(await pubsub.pull()));
    pubsub.clock.advance(60_000);
    expect(await pubsub.pullTexts()).toBe('');
    expect(pubsub.broker.subscription(SUBSCRIPTION).counts).toEqual({ unacknowledged: 0, outstanding: 0 });
  },
  async 'What is not acknowledged can be looked at, and is delivered to nobody by that'(pubsub) {
    await pubsub.subscribe();
    await pubsub.publish('abc');
    await pubsub.ack((await pubsub.pull(1))[0]);
    const subscription = pubsub.broker.subscription(SUBSCRIPTION);
    expect(subscription.messages().map(({ data }) => data.toString())).toEqual(['b', 'c']);
    expect(subscription.counts.outstanding).toBe(0);
  },
  async 'A new deadline counts from the call on'(pubsub) {
    await pubsub.subscribe();
    await pubsub.publish('a');
    const [message] = await pubsub.pull();
    pubsub.clock.advance(5_000);
    await pubsub.extend(60, message);
    pubsub.clock.advance(59_999);
    expect(await pubsub.pullTexts()).toBe('');
    pubsub.clock.advance(1);
    expect(await pubsub.pullTexts()).toBe('a');
  },
  async 'A deadline of 0 refuses the message: it comes again at once'(pubsub) {
    await pubsub.subscribe();
    await pubsub.publish('a');
    await pubsub.nack(...(await pubsub.pull()));
    expect(await pubsub.pullTexts()).toBe('a');
  },
  async 'An acknowledgement after the deadline is too late'(pubsub) {
    await pubsub.subscribe();
    await pubsub.publish('a');
    const [late] = await pubsub.pull();
    pubsub.clock.advance(10_000);
    await pubsub.ack(late);
    expect(await pubsub.pullTexts()).toBe('a');
  },
  async 'A deadline is at most 600 seconds, and an ack ID is one that was given out'(pubsub) {
    await pubsub.subscribe();
    await pubsub.publish('a');
    const [message] = await pubsub.pull();
    await expect(pubsub.extend(601, message)).rejects.toThrow('0 to 600 seconds');
    const input = { subscription: SUBSCRIPTION, ackIds: ['?'] };
    expect(await pubsub.refusal('Acknowledge', input)).toMatch(/^INVALID_ARGUMENT: .*invalid ack ID/);
  },
});

conforms('ordering', {
  async 'Messages of a key come in the order in which they were published'(pubsub) {
    await pubsub.subscribe(ordered);
    await pubsub.publish('abc', key);
    expect(await pubsub.pullTexts()).toBe('abc');
  },
  async 'What follows in a key waits until all that was handed out before is acknowledged'(pubsub) {
    await pubsub.subscribe(ordered);
    await pubsub.publish('abcd', key);
    const [a, b] = await pubsub.pull(2);
    expect(await pubsub.pullTexts()).toBe('');
    await pubsub.ack(a);
    expect(await pubsub.pullTexts()).toBe('');
    await pubsub.ack(b);
    expect(await pubsub.pullTexts()).toBe('cd');
  },
  async 'Another key, and messages without one, wait for nobody'(pubsub) {
    await pubsub.subscribe(ordered);
    await pubsub.publish('a', key);
    await pubsub.pull();
    await pubsub.publish('b', key);
    await pubsub.publish('c', { orderingKey: 'order-2' });
    await pubsub.publish('de');
    expect(await pubsub.pullTexts()).toBe('cde');
  },
  async 'A message that comes again brings the later ones of its key along, acknowledged or not'(pubsub) {
    await pubsub.subscribe(ordered);
    await pubsub.publish('abcd', key);
    const [a, b, c] = await pubsub.pull(3);
    await pubsub.ack(c);
    await pubsub.ack(a);
    await pubsub.nack(b);
    expect(await pubsub.pullTexts()).toBe('bcd');
  },
  async 'A subscription without message ordering hands out every message on its own'(pubsub) {
    await pubsub.subscribe();
    await pubsub.publish('abc', key);
    const [a] = await pubsub.pull(1);
    expect(await pubsub.pullTexts()).toBe('bc');
    await pubsub.nack(a);
    expect(await pubsub.pullTexts()).toBe('a');
  },
});

conforms('subscription-retry-policy', {
  async 'The delay doubles from the minimum to the maximum backoff'(pubsub) {
    await pubsub.subscribe({ retryPolicy: { minimumBackoff: '10s', maximumBackoff: '30s' } });
    await pubsub.publish('a');
    for (const seconds of [10, 20, 30, 30]) {
      await pubsub.nack(...(await pubsub.pull()));
      pubsub.clock.advance(seconds * 1_000 - 1);
      expect(await pubsub.pullTexts()).toBe('');
      pubsub.clock.advance(1);
    }
    expect(await pubsub.pullTexts()).toBe('a');
  },
  async 'The backoff also follows a deadline that passed'(pubsub) {
    await pubsub.subscribe({ retryPolicy: {} });
    await pubsub.publish('a');
    await pubsub.pull();
    pubsub.clock.advance(10_000);
    expect(await pubsub.pullTexts()).toBe('');
    pubsub.clock.advance(10_000);
    expect(await pubsub.pullTexts()).toBe('a');
  },
  async 'A key waits for the backoff of its message, and others do not'(pubsub) {
    await pubsub.subscribe({ ...ordered, retryPolicy: {} });
    await pubsub.publish('a', key);
    await pubsub.nack(...(await pubsub.pull()));
    await pubsub.publish('b', key);
    await pubsub.publish('c', { orderingKey: 'order-2' });
    expect(await pubsub.pullTexts()).toBe('c');
    pubsub.clock.advance(10_000);
    expect(await pubsub.pullTexts()).toBe('ab');
  },
  async 'A backoff is 0 to 600 seconds'(pubsub) {
    await pubsub.subscribe();
    const name = 'projects/orderly/subscriptions/other';
    const input = { name, topic: TOPIC, retryPolicy: { maximumBackoff: '601s' } };
    expect(await pubsub.refusal('CreateSubscription', input)).toMatch(/^INVALID_ARGUMENT: maximumBackoff/);
  },
});

const DEAD_LETTERS = 'projects/orderly/topics/dead-letters';
const DEAD_LETTER_SUBSCRIPTION = 'projects/orderly/subscriptions/dead-letters';

conforms('dead-letter-topics', {
  async 'After the last delivery attempt the message goes to the dead-letter topic, and says where it is from'(
    pubsub,
  ) {
    await pubsub.call('CreateTopic', { name: DEAD_LETTERS });
    await pubsub.call('CreateSubscription', { name: DEAD_LETTER_SUBSCRIPTION, topic: DEAD_LETTERS });
    await pubsub.subscribe({ deadLetterPolicy: { deadLetterTopic: DEAD_LETTERS } });
    await pubsub.publish('a', { attributes: { type: 'placed' } });
    const attempts = [];
    for (let attempt = 1; attempt <= 5; attempt++) {
      const [message] = await pubsub.pull();
      attempts.push(message?.deliveryAttempt);
      if (attempt % 2) await pubsub.nack(message);
      else pubsub.clock.advance(10_000);
    }

    expect(attempts).toEqual([1, 2, 3, 4, 5]);
    expect(await pubsub.pull()).toEqual([]);
    const [dead] = await pubsub.pull(1, DEAD_LETTER_SUBSCRIPTION);
    expect(dead?.message.data.toString()).toBe('a');
    expect(dead?.message.attributes).toEqual({
      type: 'placed',
      CloudPubSubDeadLetterSourceDeliveryCount: '5',
      CloudPubSubDeadLetterSourceSubscription: 'billing',
      CloudPubSubDeadLetterSourceSubscriptionProject: 'orderly',
      CloudPubSubDeadLetterSourceTopicPublishTime: '2026-01-01T00:00:00.000Z',
    });
  },
  async 'What follows a dead letter in its key goes on'(pubsub) {
    await pubsub.call('CreateTopic', { name: DEAD_LETTERS });
    await pubsub.subscribe({ ...ordered, deadLetterPolicy: { deadLetterTopic: DEAD_LETTERS } });
    await pubsub.publish('ab', key);
    for (let attempt = 1; attempt <= 5; attempt++) await pubsub.nack(...(await pubsub.pull(1)));
    expect(await pubsub.pullTexts()).toBe('b');
  },
  async 'Without the dead-letter topic the message stays in its subscription'(pubsub) {
    await pubsub.call('CreateTopic', { name: DEAD_LETTERS });
    await pubsub.subscribe({ deadLetterPolicy: { deadLetterTopic: DEAD_LETTERS } });
    await pubsub.call('DeleteTopic', { topic: DEAD_LETTERS });
    await pubsub.publish('a');
    for (let attempt = 1; attempt <= 7; attempt++) await pubsub.nack(...(await pubsub.pull()));
    expect(await pubsub.pullTexts()).toBe('a');
  },
  async 'Delivery attempts are 5 to 100, and not counted without a policy'(pubsub) {
    await pubsub.subscribe();
    await pubsub.publish('a');
    expect((await pubsub.pull())[0]).not.toHaveProperty('deliveryAttempt');
    await pubsub.call('CreateTopic', { name: DEAD_LETTERS });
    for (const maxDeliveryAttempts of [4, 101]) {
      const deadLetterPolicy = { deadLetterTopic: DEAD_LETTERS, maxDeliveryAttempts };
      const input = { name: DEAD_LETTER_SUBSCRIPTION, topic: TOPIC, deadLetterPolicy };
      expect(await pubsub.refusal('CreateSubscription', input)).toBe(
        'INVALID_ARGUMENT: maxDeliveryAttempts must be between 5 and 100.',
      );
    }
  },
});

conforms('subscription-properties', {
  async 'A message is kept for seven days unless the subscription says otherwise'(pubsub) {
    await pubsub.subscribe({ messageRetentionDuration: '600s' });
    await pubsub.publish('a');
    pubsub.clock.advance(600_000);
    await pubsub.publish('b');
    expect(await pubsub.pullTexts()).toBe('ab');
    pubsub.clock.advance(10_001);
    expect(await pubsub.pullTexts()).toBe('b');
  },
  async 'Every subscription of a topic gets each message that is published after it was made'(pubsub) {
    await pubsub.subscribe();
    await pubsub.publish('a');
    const name = 'projects/orderly/subscriptions/other';
    await pubsub.call('CreateSubscription', { name, topic: TOPIC });
    await pubsub.publish('b');
    expect(await pubsub.pullTexts()).toBe('ab');
    expect(await pubsub.pullTexts(10, name)).toBe('b');
  },
  async 'A pull waits for a first message for a bounded time'(pubsub) {
    await pubsub.subscribe();
    const pull = () => pubsub.call('Pull', { subscription: SUBSCRIPTION, maxMessages: 10 });
    const waiting = pull();
    await pubsub.publish('a');
    const { receivedMessages } = (await waiting) as { receivedMessages: readonly { ackId: string }[] };
    const ackIds = receivedMessages.map(({ ackId }) => ackId);
    expect(ackIds).toHaveLength(1);
    await pubsub.call('Acknowledge', { subscription: SUBSCRIPTION, ackIds });
    const empty = pull();
    await pubsub.clock.pass(10_000);
    expect(await empty).toEqual({});
  },
});

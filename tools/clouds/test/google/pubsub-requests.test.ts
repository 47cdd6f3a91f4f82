import { BrokerUnderTest, conforms, SUBSCRIPTION, TOPIC } from './broker-under-test.ts';

const publishing = (...messages: readonly object[]) => ({ topic: TOPIC, messages });
const data = Buffer.from('x');

conforms('https://cloud.google.com/pubsub/quotas#resource_limits', {
  async 'A publish request has 1 to 1,000 messages and up to 10 MB'(pubsub) {
    await pubsub.subscribe();
    expect(await pubsub.refusal('Publish', publishing())).toMatch(/^INVALID_ARGUMENT: .*no messages/);
    const many = Array.from({ length: 1_000 }, () => ({ data }));
    expect((await pubsub.call('Publish', publishing(...many))).messageIds).toHaveLength(1_000);
    expect(await pubsub.refusal('Publish', publishing(...many, { data }))).toMatch(/1001 messages/);
    await pubsub.call('Publish', publishing({ data: Buffer.alloc(10_000_000) }));
    expect(await pubsub.refusal('Publish', publishing({ data: Buffer.alloc(10_000_001) }))).toMatch(
      /^INVALID_ARGUMENT: .*10000001 bytes/,
    );
  },
  async 'A message has data or an attribute, up to 100 attributes, with keys of 256 and values of 1,024 bytes'(
    pubsub,
  ) {
    await pubsub.subscribe();
    const attributes = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`key-${i}`, 'é'.repeat(512)]),
    );
    await pubsub.call('Publish', publishing({ attributes }));
    await pubsub.call('Publish', publishing({ attributes: { ['k'.repeat(256)]: '' } }));
    const wrong = [
      {},
      { attributes: { ...attributes, more: '' } },
      { attributes: { ['k'.repeat(257)]: '' } },
      { attributes: { long: 'v'.repeat(1_025) } },
      { attributes: { googclient: '' } },
    ];
    for (const message of wrong)
      expect(await pubsub.refusal('Publish', publishing(message))).toMatch(/^INVALID_ARGUMENT/);
  },
  async 'An ordering key has up to 1 KB, and all messages of a request have the same one'(pubsub) {
    await pubsub.subscribe();
    await pubsub.call('Publish', publishing({ data, orderingKey: 'k'.repeat(1_024) }));
    expect(await pubsub.refusal('Publish', publishing({ data, orderingKey: 'k'.repeat(1_025) }))).toMatch(
      /^INVALID_ARGUMENT/,
    );
    expect(await pubsub.refusal('Publish', publishing({ data, orderingKey: 'a' }, { data }))).toBe(
      'INVALID_ARGUMENT: In a single publish request, all messages must have no ordering key or they must all have the same ordering key.',
    );
  },
});

conforms('reference/error-codes', {
  async 'What does not exist is NOT_FOUND, and what exists is not made again'(pubsub) {
    expect(await pubsub.refusal('Publish', publishing({ data }))).toBe(
      'NOT_FOUND: Resource not found (resource=orders).',
    );
    expect(await pubsub.refusal('CreateSubscription', { name: SUBSCRIPTION, topic: TOPIC })).toMatch(
      /^NOT_FOUND/,
    );
    await pubsub.subscribe();
    expect(await pubsub.refusal('CreateTopic', { name: TOPIC })).toMatch(/^ALREADY_EXISTS/);
    expect(await pubsub.refusal('CreateSubscription', { name: SUBSCRIPTION, topic: TOPIC })).toMatch(
      /^ALREADY_EXISTS/,
    );
    await pubsub.call('DeleteSubscription', { subscription: SUBSCRIPTION });
    expect(await pubsub.refusal('Pull', { subscription: SUBSCRIPTION, maxMessages: 1 })).toMatch(
      /^NOT_FOUND/,
    );
  },
  async 'Nobody pulls from a push subscription'(pubsub) {
    await pubsub.subscribe({ pushConfig: { pushEndpoint: 'https://example.com/' } });
    expect(await pubsub.refusal('Pull', { subscription: SUBSCRIPTION, maxMessages: 1 })).toMatch(
      /^FAILED_PRECONDITION/,
    );
  },
});

conforms('pubsub-basics', {
  async 'A name begins with a letter, has 3 to 255 characters, and does not begin with "goog"'(pubsub) {
    for (const id of ['a-._~+%9', 'x'.repeat(255)])
      await pubsub.call('CreateTopic', { name: `projects/orderly/topics/${id}` });
    for (const id of ['ab', 'x'.repeat(256), '1st', 'a b', 'googs', ''])
      expect(await pubsub.refusal('CreateTopic', { name: `projects/orderly/topics/${id}` })).toMatch(
        /^INVALID_ARGUMENT/,
      );
  },
});

conforms('update-subscription', {
  async 'Only what the mask names is changed, and neither filter nor ordering can be'(pubsub) {
    await pubsub.subscribe({ filter: 'attributes:type', labels: { team: 'billing' } });
    const subscription = { name: SUBSCRIPTION, ackDeadlineSeconds: 60, labels: {} };
    const changed = await pubsub.call('UpdateSubscription', {
      subscription,
      updateMask: ['ackDeadlineSeconds'],
    });
    expect(changed).toMatchObject({ ackDeadlineSeconds: 60, labels: { team: 'billing' }, topic: TOPIC });
    for (const name of ['filter', 'enableMessageOrdering', 'topic'])
      expect(await pubsub.refusal('UpdateSubscription', { subscription, updateMask: [name] })).toMatch(
        /^INVALID_ARGUMENT: Invalid update_mask/,
      );
  },
  async 'A subscription outlives its topic'(pubsub) {
    await pubsub.subscribe();
    await pubsub.publish('a');
    await pubsub.call('DeleteTopic', { topic: TOPIC });
    expect(await pubsub.pullTexts()).toBe('a');
    const shown = await pubsub.call('GetSubscription', { subscription: SUBSCRIPTION });
    expect(shown.topic).toBe('_deleted-topic_');
  },
});

conforms('https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics/list', {
  async 'Lists come in pages'(pubsub) {
    for (const id of ['one', 'two', 'three'])
      await pubsub.call('CreateTopic', { name: `projects/orderly/topics/${id}` });
    const project = 'projects/orderly';
    const first = await pubsub.call('ListTopics', { project, pageSize: 2 });
    const second = await pubsub.call('ListTopics', { project, pageSize: 2, pageToken: first.nextPageToken });
    expect(first.topics).toHaveLength(2);
    expect(second).toEqual({ topics: [{ name: 'projects/orderly/topics/three', labels: {} }] });
  },
});

describe('What the stand-in does not implement', () => {
  const base = { name: SUBSCRIPTION, topic: TOPIC };
  const cases: readonly (readonly [string, object, string])[] = [
    ['CreateTopic', { name: TOPIC, kmsKeyName: 'k' }, 'Topic.kmsKeyName'],
    ['CreateTopic', { name: TOPIC, schemaSettings: { schema: 's' } }, 'Topic.schemaSettings'],
    ['CreateTopic', { name: TOPIC, messageRetentionDuration: '600s' }, 'Topic.messageRetentionDuration'],
    [
      'CreateSubscription',
      { ...base, enableExactlyOnceDelivery: true },
      'Subscription.enableExactlyOnceDelivery',
    ],
    ['CreateSubscription', { ...base, retainAckedMessages: true }, 'Subscription.retainAckedMessages'],
    ['CreateSubscription', { ...base, bigqueryConfig: { table: 't' } }, 'Subscription.bigqueryConfig'],
    ['CreateSubscription', { ...base, expirationPolicy: { ttl: '86400s' } }, 'ExpirationPolicy.ttl'],
    [
      'CreateSubscription',
      { ...base, pushConfig: { attributes: { 'x-goog-version': 'v1beta1' } } },
      'v1beta1',
    ],
    ['Seek', { subscription: SUBSCRIPTION }, 'Seek'],
    ['CreateSnapshot', {}, 'CreateSnapshot'],
    ['DetachSubscription', {}, 'DetachSubscription'],
    ['UpdateTopic', {}, 'UpdateTopic'],
  ];
  it.each(cases)('is refused by name: %s with %j', async (operation, input, name) => {
    const pubsub = new BrokerUnderTest();
    const refusal = await pubsub.refusal(operation, { ...input });
    expect(refusal).toMatch(/^UNIMPLEMENTED: The stand-in for Pub\/Sub does not implement /);
    expect(refusal).toContain(name);
  });
});

import { conforms } from './conformance.ts';
import { INVALID, range } from './sqs-under-test.ts';

const tags = (count: number) => Object.fromEntries(range(count).map((index) => [`key-${index}`, 'value']));

conforms('API_TagQueue', {
  async 'CreateQueue takes tags, TagQueue adds and replaces them, UntagQueue removes them'(sqs) {
    const { QueueUrl } = await sqs.call('CreateQueue', { QueueName: 'orders', tags: { a: '1', b: '2' } });
    await sqs.call('TagQueue', { QueueUrl, Tags: { b: '3', c: '4' } });
    await sqs.call('UntagQueue', { QueueUrl, TagKeys: ['a', 'unknown'] });

    expect(await sqs.call('ListQueueTags', { QueueUrl })).toEqual({ Tags: { b: '3', c: '4' } });
  },
});

conforms('API_ListQueueTags', {
  async 'A queue without tags answers none'(sqs) {
    expect(await sqs.call('ListQueueTags', { QueueUrl: await sqs.create('orders') })).toEqual({});
  },
});

conforms('quotas-queues', {
  async 'A queue has up to 50 tags'(sqs, QueueUrl) {
    await sqs.call('TagQueue', { QueueUrl, Tags: tags(50) });
    await sqs.call('TagQueue', { QueueUrl, Tags: { 'key-0': 'replaced' } });

    await sqs.refuses('TagQueue', INVALID, { QueueUrl, Tags: { more: '' } });
  },
  async 'A tag key has 1 to 128 characters and a value up to 256'(sqs, QueueUrl) {
    await sqs.call('TagQueue', { QueueUrl, Tags: { ['k'.repeat(128)]: 'v'.repeat(256), empty: '' } });
    for (const Tags of [{ '': 'v' }, { ['k'.repeat(129)]: 'v' }, { k: 'v'.repeat(257) }])
      await sqs.refuses('TagQueue', INVALID, { QueueUrl, Tags });
  },
  async 'A tag has letters, digits, whitespace and _ . : / = + - @, and no key begins with aws:'(
    sqs,
    QueueUrl,
  ) {
    await sqs.call('TagQueue', { QueueUrl, Tags: { 'team:Größe 1_./=+-@': 'orders:events and more' } });
    for (const Tags of [{ 'a,b': '' }, { a: 'b,c' }, { a: '*' }, { 'aws:a': '' }, { 'AWS:a': '' }])
      await sqs.refuses('TagQueue', INVALID, { QueueUrl, Tags });
  },
});

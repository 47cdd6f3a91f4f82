import { conforms } from './conformance.ts';
import { range } from './sqs-under-test.ts';

const tags = (count: number) => Object.fromEntries(range(count).map((index) => [`key-${index}`, 'value']));

conforms({
  'CreateQueue takes tags, TagQueue adds and replaces them, UntagQueue removes them': {
    page: 'API_TagQueue',
    check: async (sqs) => {
      const { QueueUrl } = await sqs.call('CreateQueue', { QueueName: 'orders', tags: { a: '1', b: '2' } });
      await sqs.call('TagQueue', { QueueUrl, Tags: { b: '3', c: '4' } });
      await sqs.call('UntagQueue', { QueueUrl, TagKeys: ['a', 'unknown'] });

      expect(await sqs.call('ListQueueTags', { QueueUrl })).toEqual({ Tags: { b: '3', c: '4' } });
    },
  },
  'A queue without tags answers none': {
    page: 'API_ListQueueTags',
    check: async (sqs) => {
      expect(await sqs.call('ListQueueTags', { QueueUrl: await sqs.create('orders') })).toEqual({});
    },
  },
  'A queue has up to 50 tags': {
    page: 'quotas-queues',
    check: async (sqs) => {
      const QueueUrl = await sqs.create('orders');
      await sqs.call('TagQueue', { QueueUrl, Tags: tags(50) });
      await sqs.call('TagQueue', { QueueUrl, Tags: { 'key-0': 'replaced' } });

      expect(await sqs.refusal('TagQueue', { QueueUrl, Tags: { more: '' } })).toMatchObject({
        code: 'InvalidParameterValueException',
      });
    },
  },
  'A tag key has 1 to 128 characters and a value up to 256': {
    page: 'quotas-queues',
    check: async (sqs) => {
      const QueueUrl = await sqs.create('orders');
      await sqs.call('TagQueue', { QueueUrl, Tags: { ['k'.repeat(128)]: 'v'.repeat(256), empty: '' } });
      for (const Tags of [{ '': 'v' }, { ['k'.repeat(129)]: 'v' }, { k: 'v'.repeat(257) }])
        expect(await sqs.refusal('TagQueue', { QueueUrl, Tags })).toMatchObject({
          code: 'InvalidParameterValueException',
        });
    },
  },
  'A tag has letters, digits, whitespace and _ . : / = + - @, and no key begins with aws:': {
    page: 'quotas-queues',
    check: async (sqs) => {
      const QueueUrl = await sqs.create('orders');
      await sqs.call('TagQueue', { QueueUrl, Tags: { 'team:Größe 1_./=+-@': 'orders:events and more' } });
      for (const Tags of [{ 'a,b': '' }, { a: 'b,c' }, { a: '*' }, { 'aws:a': '' }, { 'AWS:a': '' }])
        expect(await sqs.refusal('TagQueue', { QueueUrl, Tags })).toMatchObject({
          code: 'InvalidParameterValueException',
        });
    },
  },
});

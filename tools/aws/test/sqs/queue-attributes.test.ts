import { conforms } from './conformance.ts';
import { arnOf, INVALID, redriveTo } from './sqs-under-test.ts';

/** The smallest and the largest value, and those next to them that are refused. */
const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  DelaySeconds: [0, 900],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
  MaximumMessageSize: [1_024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
};

conforms('API_CreateQueue', {
  async 'A new standard queue has the defaults of AWS'(sqs) {
    expect(await sqs.attributes(await sqs.create('orders'))).toEqual({
      QueueArn: arnOf('orders'),
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      CreatedTimestamp: '1700000000',
      LastModifiedTimestamp: '1700000000',
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
      VisibilityTimeout: '30',
    });
  },
  async 'A new FIFO queue deduplicates for the whole queue'(sqs) {
    expect(await sqs.attributes(await sqs.create('orders.fifo'))).toMatchObject({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    });
  },
});

conforms('API_GetQueueAttributes', {
  async 'GetQueueAttributes answers only the attributes that the request names'(sqs, QueueUrl) {
    expect(await sqs.call('GetQueueAttributes', { QueueUrl })).toEqual({});
    expect(
      await sqs.call('GetQueueAttributes', { QueueUrl, AttributeNames: ['DelaySeconds', 'Policy'] }),
    ).toEqual({ Attributes: { DelaySeconds: '0' } });
  },
  async 'GetQueueAttributes refuses a name that is no attribute'(sqs, QueueUrl) {
    expect(await sqs.refusal('GetQueueAttributes', { QueueUrl, AttributeNames: ['Colour'] })).toEqual({
      code: 'InvalidAttributeName',
      message: 'Unknown Attribute Colour.',
    });
  },
  async 'LastModifiedTimestamp is the time of the last change'(sqs, QueueUrl) {
    sqs.clock.advance(5_000);
    await sqs.set(QueueUrl, { DelaySeconds: '1' });

    expect(await sqs.attributes(QueueUrl)).toMatchObject({
      CreatedTimestamp: '1700000000',
      LastModifiedTimestamp: '1700000005',
    });
  },
});

conforms('API_SetQueueAttributes', {
  async 'Numeric attributes are held to their ranges'(sqs) {
    const QueueUrl = await sqs.create('orders', { KmsMasterKeyId: 'key' });
    for (const [name, [least, most]] of Object.entries(RANGES)) {
      await sqs.set(QueueUrl, { [name]: String(least) });
      await sqs.set(QueueUrl, { [name]: String(most) });
      for (const value of [String(least - 1), String(most + 1), '1.5', 'many', ''])
        await sqs.refusesToSet(QueueUrl, 'InvalidAttributeValue', { [name]: value });
      expect((await sqs.attributes(QueueUrl))[name]).toBe(String(most));
    }
  },
  async 'SetQueueAttributes changes all attributes or none'(sqs, QueueUrl) {
    await sqs.refusal('SetQueueAttributes', {
      QueueUrl,
      Attributes: { DelaySeconds: '9', VisibilityTimeout: 'x' },
    });

    expect(await sqs.attributes(QueueUrl)).toMatchObject({ DelaySeconds: '0', VisibilityTimeout: '30' });
  },
  async 'Attributes of FIFO queues are unknown to standard queues'(sqs, QueueUrl) {
    for (const name of ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'])
      await sqs.refusesToSet(QueueUrl, 'InvalidAttributeName', { [name]: 'true' });
  },
  async 'FifoQueue cannot be changed'(sqs) {
    const QueueUrl = await sqs.create('orders.fifo');

    await sqs.refusesToSet(QueueUrl, 'InvalidAttributeValue', { FifoQueue: 'false' });
  },
  async 'Two kinds of encryption at once are refused'(sqs) {
    const QueueUrl = await sqs.create('orders', { KmsMasterKeyId: 'alias/orders' });

    await sqs.refusesToSet(QueueUrl, 'InvalidAttributeName', { SqsManagedSseEnabled: 'true' });
  },
  async 'A policy is a JSON object with statements, and given back as it was set'(sqs, QueueUrl) {
    const Policy = '{"Version":"2012-10-17","Statement":[]}';
    await sqs.set(QueueUrl, { Policy });
    expect(await sqs.attributes(QueueUrl)).toMatchObject({ Policy });

    for (const invalid of ['no JSON', '[]', '{}'])
      await sqs.refusesToSet(QueueUrl, 'InvalidAttributeValue', { Policy: invalid });
    await sqs.set(QueueUrl, { Policy: '' });
    expect(await sqs.attributes(QueueUrl)).not.toHaveProperty('Policy');
  },
  async 'A redrive allow policy lists up to ten source queues, and only with byQueue'(sqs) {
    const QueueUrl = await sqs.create('dead');
    const invalid = [
      { redrivePermission: 'byQueue' },
      { redrivePermission: 'byQueue', sourceQueueArns: Array(11).fill(arnOf('orders')) },
      { redrivePermission: 'allowAll', sourceQueueArns: [arnOf('orders')] },
      { redrivePermission: 'some' },
    ];
    for (const policy of invalid)
      await sqs.refusesToSet(QueueUrl, INVALID, { RedriveAllowPolicy: JSON.stringify(policy) });
  },
});

conforms('high-throughput-fifo', {
  async 'A throughput limit for each message group needs deduplication for each message group'(sqs) {
    const QueueUrl = await sqs.create('orders.fifo');
    const FifoThroughputLimit = 'perMessageGroupId';
    await sqs.refusesToSet(QueueUrl, 'InvalidAttributeValue', { FifoThroughputLimit });

    await sqs.set(QueueUrl, { FifoThroughputLimit, DeduplicationScope: 'messageGroup' });
    await sqs.refusesToSet(QueueUrl, 'InvalidAttributeValue', { DeduplicationScope: 'queue' });
  },
});

conforms('sqs-server-side-encryption', {
  async 'A queue with a KMS key is not encrypted with a key of SQS'(sqs) {
    const url = await sqs.create('orders', { KmsMasterKeyId: 'alias/orders' });

    expect(await sqs.attributes(url)).toMatchObject({
      KmsMasterKeyId: 'alias/orders',
      KmsDataKeyReusePeriodSeconds: '300',
      SqsManagedSseEnabled: 'false',
    });
  },
});

conforms('sqs-dead-letter-queues', {
  async 'A redrive policy names an existing dead-letter queue and 1 to 1,000 receives'(sqs) {
    await sqs.create('dead');
    const QueueUrl = await sqs.create('orders');
    await sqs.set(QueueUrl, { RedrivePolicy: redriveTo('dead', 1_000) });
    const invalid = [
      redriveTo('dead', 0),
      redriveTo('dead', 1_001),
      redriveTo('missing', 3),
      '{"deadLetterTargetArn":"dead","maxReceiveCount":3}',
      JSON.stringify({ deadLetterTargetArn: arnOf('dead') }),
      '{"maxReceiveCount":3}',
      JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 3, more: 1 }),
      'no JSON',
    ];
    for (const RedrivePolicy of invalid) await sqs.refusesToSet(QueueUrl, INVALID, { RedrivePolicy });
    expect(await sqs.attributes(QueueUrl)).toMatchObject({ RedrivePolicy: redriveTo('dead', 1_000) });
  },
  async 'The dead-letter queue of a FIFO queue is a FIFO queue, that of a standard queue a standard queue'(
    sqs,
  ) {
    await sqs.create('dead');
    await sqs.create('dead.fifo');
    const cases = [
      [await sqs.create('orders'), 'dead.fifo'],
      [await sqs.create('orders.fifo'), 'dead'],
    ] as const;
    for (const [QueueUrl, dead] of cases)
      await sqs.refusesToSet(QueueUrl, INVALID, { RedrivePolicy: redriveTo(dead, 3) });
  },
});

conforms('sqs-configure-dead-letter-queue-redrive', {
  async 'A redrive allow policy decides which queues may dead-letter into a queue'(sqs) {
    const dead = await sqs.create('dead');
    const QueueUrl = await sqs.create('orders');
    const redrive = () =>
      sqs.call('SetQueueAttributes', { QueueUrl, Attributes: { RedrivePolicy: redriveTo('dead', 3) } });
    const allow = (policy: object) => sqs.set(dead, { RedriveAllowPolicy: JSON.stringify(policy) });

    await allow({ redrivePermission: 'denyAll' });
    await expect(redrive()).rejects.toThrow('denied');
    await allow({ redrivePermission: 'byQueue', sourceQueueArns: [arnOf('other')] });
    await expect(redrive()).rejects.toThrow('denied');
    await allow({ redrivePermission: 'byQueue', sourceQueueArns: [arnOf('orders')] });
    await redrive();
    await allow({ redrivePermission: 'allowAll' });
    await redrive();
  },
});

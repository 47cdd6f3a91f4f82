import { conforms } from './conformance.ts';
import { arnOf, redriveTo } from './sqs-under-test.ts';

conforms('sqs-dead-letter-queues', {
  async 'A message that was received too often goes to the dead-letter queue on the next receive'(sqs) {
    const { queue, dead } = await sqs.createWithDeadLetters('orders', 2);
    await sqs.send(queue, 'poison');
    for (const _ of [1, 2]) {
      expect(await sqs.receiveBodies(queue)).toEqual(['poison']);
      sqs.clock.advance(30_000);
    }
    expect(await sqs.receive(dead)).toEqual([]);
    expect(await sqs.receive(queue)).toEqual([]);
    expect(await sqs.receiveBodies(dead)).toEqual(['poison']);
  },
  async 'Standard queue: the retention of a dead letter goes on from when it was sent'(sqs) {
    const { queue, dead } = await sqs.createWithDeadLetters('orders', 1);
    await sqs.set(dead, { MessageRetentionPeriod: '60' });
    await sqs.send(queue, 'poison');
    await sqs.receiveOne(queue, { VisibilityTimeout: 0 });
    sqs.clock.advance(50_000);
    await sqs.receive(queue);
    expect(await sqs.attributes(dead)).toMatchObject({ ApproximateNumberOfMessages: '1' });
    sqs.clock.advance(10_000);
    expect(await sqs.receive(dead)).toEqual([]);
  },
  async 'FIFO queue: the retention of a dead letter starts when it is moved'(sqs) {
    const { queue, dead } = await sqs.createWithDeadLetters('orders.fifo', 1);
    await sqs.set(dead, { MessageRetentionPeriod: '60' });
    await sqs.sendTo(queue, 'g', 'poison');
    await sqs.receiveOne(queue, { VisibilityTimeout: 0 });
    sqs.clock.advance(50_000);
    await sqs.receive(queue);
    sqs.clock.advance(59_999);
    expect(await sqs.receiveBodies(dead)).toEqual(['poison']);
  },
  async 'FIFO queue: a dead letter keeps its group and deduplication id'(sqs) {
    const { queue, dead } = await sqs.createWithDeadLetters('orders.fifo', 1);
    await sqs.send(queue, 'poison', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    await sqs.receiveOne(queue, { VisibilityTimeout: 0 });
    await sqs.receive(queue);

    expect((await sqs.receiveOne(dead)).Attributes).toMatchObject({
      MessageGroupId: 'g',
      MessageDeduplicationId: 'd',
    });
  },
  async 'FIFO queue: when the head of a group is dead-lettered, the same receive hands out its followers'(
    sqs,
  ) {
    const { queue, dead } = await sqs.createWithDeadLetters('orders.fifo', 1);
    await sqs.sendTo(queue, 'g', 'head');
    await sqs.receiveOne(queue, { VisibilityTimeout: 0 });
    await sqs.sendTo(queue, 'g', 'follower');

    expect(await sqs.receiveBodies(queue)).toEqual(['follower']);
    expect(await sqs.receiveBodies(dead)).toEqual(['head']);
  },
  async 'FIFO queue: followers that were handed out with the head are dead-lettered with it'(sqs) {
    const { queue, dead } = await sqs.createWithDeadLetters('orders.fifo', 3);
    for (const body of ['head', 'follower 1', 'follower 2']) await sqs.sendTo(queue, 'g', body);
    for (const _ of [1, 2, 3]) await sqs.receive(queue, { VisibilityTimeout: 0 });
    expect(await sqs.receive(queue)).toEqual([]);

    expect(await sqs.receiveBodies(dead)).toEqual(['head', 'follower 1', 'follower 2']);
  },
  async 'Without its dead-letter queue a queue goes on to hand messages out'(sqs) {
    const { queue, dead } = await sqs.createWithDeadLetters('orders', 1);
    await sqs.call('DeleteQueue', { QueueUrl: dead });
    await sqs.send(queue, 'x');
    await sqs.receiveOne(queue, { VisibilityTimeout: 0 });

    expect(await sqs.receiveBodies(queue)).toEqual(['x']);
  },
});

conforms('API_ReceiveMessage', {
  async 'A dead letter keeps its id, says where it comes from, and its receives count on'(sqs) {
    const { queue, dead } = await sqs.createWithDeadLetters('orders', 1);
    const { MessageId } = await sqs.send(queue, 'poison');
    await sqs.receiveOne(queue, { VisibilityTimeout: 0 });
    await sqs.receive(queue);

    expect(await sqs.receiveOne(dead)).toMatchObject({
      MessageId,
      Attributes: { ApproximateReceiveCount: '2', DeadLetterQueueSourceArn: arnOf('orders') },
    });
  },
});

conforms('API_SetQueueAttributes', {
  async 'A redrive policy that is removed dead-letters nothing any more'(sqs) {
    await sqs.create('dead');
    const url = await sqs.create('orders', { RedrivePolicy: redriveTo('dead', 1) });
    await sqs.send(url, 'x');
    await sqs.receiveOne(url, { VisibilityTimeout: 0 });
    await sqs.set(url, { RedrivePolicy: '' });

    expect(await sqs.receiveBodies(url)).toEqual(['x']);
  },
});

import { conforms } from './conformance.ts';
import { arnOf, INVALID, range, type SqsUnderTest } from './sqs-under-test.ts';

/** A queue whose messages were all dead-lettered. */
const deadLetters = async (sqs: SqsUnderTest, count: number, name = 'orders') => {
  const urls = await sqs.createWithDeadLetters(name, 1);
  for (const index of range(count)) {
    const more = name.endsWith('.fifo') ? { MessageGroupId: 'g', MessageDeduplicationId: String(index) } : {};
    await sqs.send(urls.queue, `${index}`, more);
    await sqs.receiveOne(urls.queue, { VisibilityTimeout: 0 });
    await sqs.receive(urls.queue);
  }
  return urls;
};
const SourceArn = arnOf('dead-orders');
const latest = async (sqs: SqsUnderTest, source = SourceArn): Promise<unknown> => {
  const { Results } = await sqs.call('ListMessageMoveTasks', { SourceArn: source });
  return Array.isArray(Results) ? Results[0] : undefined;
};

conforms('API_StartMessageMoveTask', {
  async 'StartMessageMoveTask moves dead letters back to where they come from'(sqs) {
    const { queue, dead } = await deadLetters(sqs, 3);
    const { TaskHandle } = await sqs.call('StartMessageMoveTask', { SourceArn });
    expect(await latest(sqs)).toEqual({
      TaskHandle,
      Status: 'RUNNING',
      SourceArn,
      ApproximateNumberOfMessagesMoved: 0,
      ApproximateNumberOfMessagesToMove: 3,
      StartedTimestamp: 1_700_000_000_000,
    });
    sqs.clock.advance(1);

    expect(await latest(sqs)).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 3 });
    expect(await latest(sqs)).not.toHaveProperty('TaskHandle');
    expect(await sqs.receiveBodies(queue)).toEqual(['0', '1', '2']);
    expect(await sqs.receive(dead)).toEqual([]);
  },
  async 'Messages can be moved to another queue'(sqs) {
    await deadLetters(sqs, 2);
    const other = await sqs.create('other');
    await sqs.call('StartMessageMoveTask', { SourceArn, DestinationArn: arnOf('other') });
    sqs.clock.advance(0);

    expect(await sqs.receiveBodies(other)).toEqual(['0', '1']);
    expect(await latest(sqs)).toMatchObject({ DestinationArn: arnOf('other') });
  },
  async 'Messages are moved no faster than MaxNumberOfMessagesPerSecond'(sqs) {
    await deadLetters(sqs, 30);
    await sqs.call('StartMessageMoveTask', { SourceArn, MaxNumberOfMessagesPerSecond: 10 });
    sqs.clock.advance(1_000);
    expect(await latest(sqs)).toMatchObject({ ApproximateNumberOfMessagesMoved: 10, Status: 'RUNNING' });
    sqs.clock.advance(2_000);
    expect(await latest(sqs)).toMatchObject({ ApproximateNumberOfMessagesMoved: 30, Status: 'COMPLETED' });
  },
  async 'MaxNumberOfMessagesPerSecond is 500 at most'(sqs) {
    await deadLetters(sqs, 1);
    for (const MaxNumberOfMessagesPerSecond of [0, 501])
      await sqs.refuses('StartMessageMoveTask', INVALID, { SourceArn, MaxNumberOfMessagesPerSecond });
  },
  async 'Only one task at a time moves messages of a queue'(sqs) {
    await deadLetters(sqs, 2);
    await sqs.call('StartMessageMoveTask', { SourceArn });
    await sqs.refuses('StartMessageMoveTask', 'UnsupportedOperation', { SourceArn });
    sqs.clock.advance(0);
    await sqs.call('StartMessageMoveTask', { SourceArn });
  },
  async 'Messages can be moved only out of the dead-letter queue of another queue'(sqs) {
    await sqs.create('orders');

    expect(await sqs.refusal('StartMessageMoveTask', { SourceArn: arnOf('orders') })).toEqual({
      code: 'InvalidParameterValueException',
      message: 'Source queue must be configured as a Dead Letter Queue.',
    });
    await sqs.refuses('StartMessageMoveTask', 'ResourceNotFoundException', { SourceArn: arnOf('missing') });
  },
});

conforms('sqs-configure-dead-letter-queue-redrive', {
  async 'A message that was moved is a new one: new id, new time, no receives'(sqs) {
    const { queue, dead } = await deadLetters(sqs, 1);
    const { MessageId } = await sqs.receiveOne(dead, { VisibilityTimeout: 0 });
    sqs.clock.advance(1_000);
    await sqs.call('StartMessageMoveTask', { SourceArn });
    sqs.clock.advance(0);
    const moved = await sqs.receiveOne(queue);

    expect(moved.MessageId).not.toBe(MessageId);
    expect(moved.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: '1700000001000',
    });
  },
  async 'Dead letters of a FIFO queue are moved in their order'(sqs) {
    const { queue } = await deadLetters(sqs, 5, 'orders.fifo');
    await sqs.call('StartMessageMoveTask', { SourceArn: arnOf('dead-orders.fifo') });
    sqs.clock.advance(0);

    expect(await sqs.receiveBodies(queue)).toEqual(['0', '1', '2', '3', '4']);
  },
});

conforms('API_CancelMessageMoveTask', {
  async 'CancelMessageMoveTask stops a running task; what was moved stays moved'(sqs) {
    const { queue, dead } = await deadLetters(sqs, 5);
    const { TaskHandle } = await sqs.call('StartMessageMoveTask', {
      SourceArn,
      MaxNumberOfMessagesPerSecond: 1,
    });
    sqs.clock.advance(2_000);

    expect(await sqs.call('CancelMessageMoveTask', { TaskHandle })).toEqual({
      ApproximateNumberOfMessagesMoved: 2,
    });
    sqs.clock.advance(10_000);
    expect(await latest(sqs)).toMatchObject({ Status: 'CANCELLED' });
    expect(await sqs.receive(queue)).toHaveLength(2);
    expect(await sqs.receive(dead)).toHaveLength(3);
    await sqs.refuses('CancelMessageMoveTask', 'ResourceNotFoundException', { TaskHandle });
  },
});

conforms('API_ListMessageMoveTasks', {
  async 'A task fails at a message that no queue has dead-lettered, and the message stays'(sqs) {
    const { dead } = await deadLetters(sqs, 0);
    await sqs.send(dead, 'stray');
    await sqs.call('StartMessageMoveTask', { SourceArn });
    sqs.clock.advance(0);

    expect(await latest(sqs)).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'CouldNotDetermineMessageSource',
    });
    expect(await sqs.receiveBodies(dead)).toEqual(['stray']);
  },
  async 'ListMessageMoveTasks answers up to ten tasks, the newest first'(sqs) {
    await deadLetters(sqs, 0);
    for (const _ of range(12)) {
      await sqs.call('StartMessageMoveTask', { SourceArn });
      sqs.clock.advance(1_000);
    }
    const { Results } = await sqs.call('ListMessageMoveTasks', { SourceArn, MaxResults: 10 });

    expect(Results).toHaveLength(10);
    expect(Results).toMatchObject([{ StartedTimestamp: 1_700_000_011_000 }, ...range(9).map(() => ({}))]);
    await sqs.refuses('ListMessageMoveTasks', INVALID, { SourceArn, MaxResults: 11 });
  },
});

import {
  conforms,
  expectNothing,
  QUEUE,
  receiveOne,
  refusal,
  SESSION_QUEUE,
} from './service-bus-under-test.ts';

const GUIDE = 'azure/service-bus-messaging';
const MANUAL = { maxAutoLockRenewalDurationInMs: 0 };

conforms(
  `${GUIDE}/service-bus-queues-topics-subscriptions`,
  {},
  {
    async 'A queue gives what was sent to it to one of its receivers'(under) {
      await under.client.createSender(QUEUE).sendMessages({ body: 'one' });
      expect((await under.post('"two"', {}, QUEUE)).status).toBe(201);
      const receiver = under.client.createReceiver(QUEUE, MANUAL);
      const one = await receiveOne(receiver);
      const two = await receiveOne(under.client.createReceiver(QUEUE, MANUAL));
      expect([one.body, two.body]).toEqual(['one', 'two']);
      await receiver.completeMessage(one);
      under.clock.advance(60_000);
      expect((await receiveOne(receiver)).body).toBe('two');
    },
    async 'A queue has dead letters, and shows its messages'(under) {
      await under.client.createSender(QUEUE).sendMessages({ body: 'one' });
      const receiver = under.client.createReceiver(QUEUE, MANUAL);
      expect(await receiver.peekMessages(1)).toMatchObject([{ body: 'one' }]);
      await receiver.deadLetterMessage(await receiveOne(receiver), { deadLetterReason: 'r' });
      const dead = under.client.createReceiver(QUEUE, { ...MANUAL, subQueueType: 'deadLetter' });
      expect(await dead.peekMessages(1)).toMatchObject([{ deadLetterReason: 'r' }]);
      expect(await receiveOne(dead)).toMatchObject({ body: 'one', deadLetterReason: 'r' });
    },
    async 'A message of a queue is scheduled, and the schedule cancelled'(under) {
      const sender = under.client.createSender(QUEUE);
      const [number] = await sender.scheduleMessages(
        [{ body: 'later' }],
        new Date(under.clock.now() + 5_000),
      );
      if (number) await sender.cancelScheduledMessages(number);
      under.clock.advance(5_000);
      await expectNothing(under.client.createReceiver(QUEUE, MANUAL));
    },
  },
);

conforms(
  `${GUIDE}/message-sessions`,
  {},
  {
    async 'A queue with sessions takes no message without one'(under) {
      const sender = under.client.createSender(SESSION_QUEUE);
      expect((await refusal(sender.sendMessages({ body: 'x' }))).message).toContain(
        'The SessionId was not set',
      );
      expect((await under.post('x', {}, SESSION_QUEUE)).status).toBe(400);
      await sender.sendMessages({ body: 'a1', sessionId: 'a' });
      expect((await receiveOne(await under.client.acceptNextSession(SESSION_QUEUE, MANUAL))).body).toBe('a1');
    },
  },
);

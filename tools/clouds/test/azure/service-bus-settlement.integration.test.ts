import {
  bodies,
  conforms,
  expectNothing,
  receiveAll,
  receiveOne,
  refusal,
} from './service-bus-under-test.ts';

const GUIDE = 'azure/service-bus-messaging';

conforms(
  `${GUIDE}/message-transfers-locks-settlement`,
  {},
  {
    async 'A message that was completed does not come back'(under) {
      await under.send({ body: 'one' });
      const receiver = under.receiver();
      await receiver.completeMessage(await receiveOne(receiver));
      under.clock.advance(60_000);
      await expectNothing(receiver);
    },
    async 'A locked message goes to no other receiver until its lock expires'(under) {
      await under.send({ body: 'one' });
      const message = await receiveOne(under.receiver());
      expect(message.lockedUntilUtc?.getTime()).toBe(under.clock.now() + 60_000);
      const other = under.receiver();
      under.clock.advance(59_999);
      await expectNothing(other);
      under.clock.advance(1);
      expect(await receiveOne(other)).toMatchObject({ body: 'one', deliveryCount: 1 });
    },
    async 'A settlement after the lock has expired is refused'(under) {
      await under.send({ body: 'one' });
      const receiver = under.receiver();
      const message = await receiveOne(receiver);
      under.clock.advance(60_000);
      expect(await refusal(receiver.completeMessage(message))).toMatchObject({ code: 'MessageLockLost' });
      expect((await receiveOne(receiver)).body).toBe('one');
    },
    async 'Renewing a lock starts its time again'(under) {
      await under.send({ body: 'one' });
      const receiver = under.receiver();
      const message = await receiveOne(receiver);
      under.clock.advance(50_000);
      expect((await receiver.renewMessageLock(message)).getTime()).toBe(under.clock.now() + 60_000);
      under.clock.advance(59_999);
      await receiver.completeMessage(message);
      await expectNothing(receiver);
    },
    async 'A lock that has expired cannot be renewed'(under) {
      await under.send({ body: 'one' });
      const receiver = under.receiver();
      const message = await receiveOne(receiver);
      under.clock.advance(60_000);
      expect(await refusal(receiver.renewMessageLock(message))).toMatchObject({ code: 'MessageLockLost' });
    },
    async 'An abandoned message is available at once, before later ones, and with the given properties'(
      under,
    ) {
      await under.send({ body: 'one', applicationProperties: { kept: 1, changed: 1 } }, { body: 'two' });
      const receiver = under.receiver();
      const [first] = await receiveAll(receiver, 1);
      if (first) await receiver.abandonMessage(first, { changed: 2 });
      const [again, second] = await receiveAll(receiver, 2);
      expect(again).toMatchObject({
        body: 'one',
        deliveryCount: 1,
        applicationProperties: { kept: 1, changed: 2 },
      });
      expect(second?.body).toBe('two');
    },
    async 'In receive-and-delete mode a message is gone once it was sent'(under) {
      await under.send({ body: 'one' });
      expect((await receiveOne(under.receiver({ receiveMode: 'receiveAndDelete' }))).body).toBe('one');
      under.clock.advance(60_000);
      await expectNothing(under.receiver());
    },
    async 'A message is settled over the management link where its receiver is closed'(under) {
      await under.send({ body: 'one' });
      const receiver = under.receiver();
      const message = await receiveOne(receiver);
      await receiver.close();
      await under.receiver().completeMessage(message);
      under.clock.advance(60_000);
      await expectNothing(under.receiver());
    },
    async 'Deferral is not implemented, and refused by name'(under) {
      await under.send({ body: 'one' });
      const receiver = under.receiver();
      const { message } = await refusal(receiver.deferMessage(await receiveOne(receiver)));
      expect(message).toContain('does not implement the deferral of messages');
    },
    async 'A receiver gets as many messages as it asks for, and all of them in order'(under) {
      const texts = Array.from({ length: 2_500 }, (_, index) => `${index}`);
      for (let from = 0; from < texts.length; from += 500)
        await under.send(...texts.slice(from, from + 500).map((body) => ({ body })));
      const receiver = under.receiver();
      const received: unknown[] = [];
      while (received.length < texts.length) {
        const messages = await receiveAll(receiver, 100);
        received.push(...bodies(messages));
        await Promise.all(messages.map((message) => receiver.completeMessage(message)));
      }
      expect(received).toEqual(texts);
      await expectNothing(receiver);
    },
  },
);

conforms(
  `${GUIDE}/service-bus-dead-letter-queues`,
  { subscription: { maxDeliveryCount: 2 } },
  {
    async 'A message whose deliveries have failed too often is dead-lettered with the reason'(under) {
      await under.send({ body: 'poison', messageId: 'm', subject: 's' });
      const receiver = under.receiver();
      const first = await receiveOne(receiver);
      expect(first.deliveryCount).toBe(0);
      await receiver.abandonMessage(first);
      await receiveOne(receiver);
      under.clock.advance(60_000);
      await expectNothing(receiver);
      expect(await receiveOne(under.deadLetters())).toMatchObject({
        body: 'poison',
        messageId: 'm',
        subject: 's',
        deliveryCount: 2,
        deadLetterReason: 'MaxDeliveryCountExceeded',
        deadLetterErrorDescription: 'Message could not be consumed after 2 delivery attempts.',
      });
    },
    async 'A receiver dead-letters with a reason, a description and properties of its own'(under) {
      await under.send({ body: 'one' });
      const receiver = under.receiver();
      const message = await receiveOne(receiver);
      await receiver.deadLetterMessage(message, {
        deadLetterReason: 'r',
        deadLetterErrorDescription: 'd',
        code: 7,
      });
      expect(await receiveOne(under.deadLetters())).toMatchObject({
        body: 'one',
        deadLetterReason: 'r',
        deadLetterErrorDescription: 'd',
        applicationProperties: { code: 7 },
      });
    },
    async 'The dead-letter queue has locks, keeps what fails, and lets go of what is completed'(under) {
      await under.send({ body: 'one' });
      const receiver = under.receiver();
      await receiver.deadLetterMessage(await receiveOne(receiver));
      const dead = under.deadLetters();
      for (let times = 0; times < 5; times++) await dead.abandonMessage(await receiveOne(dead));
      await dead.completeMessage(await receiveOne(dead));
      await expectNothing(dead);
    },
  },
);

conforms(
  `${GUIDE}/message-expiration`,
  { subscription: { deadLetterExpired: true } },
  {
    async 'A message is not delivered once its time to live is over, and is dead-lettered'(under) {
      await under.send({ body: 'late', timeToLive: 1_000 }, { body: 'in time', timeToLive: 10_000 });
      under.clock.advance(1_000);
      expect((await receiveOne(under.receiver())).body).toBe('in time');
      expect(await receiveOne(under.deadLetters())).toMatchObject({
        body: 'late',
        deadLetterReason: 'TTLExpiredException',
      });
    },
  },
);

conforms(
  `${GUIDE}/message-browsing`,
  {},
  {
    async 'Peeking shows messages in order, locked ones, too, and changes nothing'(under) {
      await under.send({ body: 'one', messageId: '1' }, { body: 'two' }, { body: 'three' });
      const receiver = under.receiver();
      const locked = await receiveOne(receiver);
      const peeked = await receiver.peekMessages(2);
      expect(bodies(peeked)).toEqual(['one', 'two']);
      expect(peeked[0]?.sequenceNumber.toNumber()).toBe(1);
      expect(bodies(await receiver.peekMessages(10))).toEqual(['three']);
      expect(await receiver.peekMessages(10)).toEqual([]);
      await receiver.completeMessage(locked);
      expect((await receiveOne(receiver)).deliveryCount).toBe(0);
    },
    async 'Peeking shows the dead-letter queue as well'(under) {
      await under.send({ body: 'one' });
      const receiver = under.receiver();
      await receiver.deadLetterMessage(await receiveOne(receiver), { deadLetterReason: 'r' });
      expect(await under.deadLetters().peekMessages(10)).toMatchObject([
        { body: 'one', deadLetterReason: 'r' },
      ]);
    },
  },
);

conforms(
  `${GUIDE}/service-bus-amqp-troubleshoot`,
  {},
  {
    async 'Entities that do not exist are not found'(under) {
      const missing = (attempt: Promise<unknown>) => refusal(attempt);
      const { client } = under;
      const cases = [
        client.createSender('none').sendMessages({ body: 'x' }),
        client.createReceiver('order-events', 'none').receiveMessages(1, { maxWaitTimeInMs: 1_000 }),
        client.createReceiver('none', 'inventory').peekMessages(1),
        client.acceptNextSession('order-events', 'none'),
      ];
      for (const each of await Promise.all(cases.map(missing)))
        expect(each.code).toBe('MessagingEntityNotFound');
    },
    async 'A busy server refuses senders and receivers, and goes on where it was'(under) {
      await under.send({ body: 'one' });
      const receiver = under.receiver();
      await receiver.abandonMessage(await receiveOne(receiver));
      under.bus.fail(true);
      expect(await refusal(under.send({ body: 'two' }))).toMatchObject({ code: 'ServiceBusy' });
      expect(await refusal(under.receiver().receiveMessages(1))).toMatchObject({ code: 'ServiceBusy' });
      await expectNothing(receiver);
      const later = receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
      under.bus.fail(false);
      expect(bodies(await later)).toEqual(['one']);
      await under.send({ body: 'two' });
    },
    async 'Rules are defined with the entities: changing them is refused by name'(under) {
      const rules = under.client.createRuleManager('order-events', 'inventory');
      const { message } = await refusal(rules.createRule('r', { subject: 'x' }));
      expect(message).toContain('does not implement com.microsoft:add-rule');
    },
  },
);

import {
  bodies,
  conforms,
  expectNothing,
  receiveAll,
  receiveOne,
  refusal,
  TOPIC,
} from './service-bus-under-test.ts';

const GUIDE = 'azure/service-bus-messaging';
const REST = 'rest/api/servicebus';
const LARGEST_BYTES = 262_144;

conforms(
  `${GUIDE}/service-bus-messages-payloads`,
  {},
  {
    async 'A message arrives with all of its properties'(under) {
      const message = {
        body: { total: 1.5, text: 'ä𝄞' },
        messageId: 'id',
        sessionId: 'session',
        subject: 'orderly.order.placed.v1',
        correlationId: 'correlation',
        contentType: 'application/cloudevents+json',
        to: 'to',
        replyTo: 'reply',
        replyToSessionId: 'reply-session',
        timeToLive: 60_000,
        applicationProperties: { text: 'x', whole: 7, half: 0.5, negative: -3, yes: true, no: false },
      };
      await under.send(message);
      const received = await receiveOne(under.receiver());
      expect(received).toMatchObject(message);
      expect(received.enqueuedTimeUtc.getTime()).toBe(under.clock.now());
    },
    async 'Bytes arrive as they were sent'(under) {
      const body = Buffer.from([0, 255, 128, 10]);
      await under.send({ body });
      expect((await receiveOne(under.receiver())).body).toEqual(body);
    },
    async 'A batch of the client arrives in order'(under) {
      const sender = under.client.createSender(TOPIC);
      const batch = await sender.createMessageBatch();
      expect(batch.maxSizeInBytes).toBe(LARGEST_BYTES);
      for (const body of ['1', '2', '3']) expect(batch.tryAddMessage({ body })).toBe(true);
      await sender.sendMessages(batch);
      expect(bodies(await receiveAll(under.receiver(), 3))).toEqual(['1', '2', '3']);
    },
    async 'Sequence numbers rise'(under) {
      await under.send({ body: '1' }, { body: '2' });
      const [one, two] = await receiveAll(under.receiver(), 2);
      expect([one?.sequenceNumber.toNumber(), two?.sequenceNumber.toNumber()]).toEqual([1, 2]);
    },
    async 'A body that is no data section is refused by name'(under) {
      const attempt = under.send({ body: 'value', bodyType: 'value' });
      expect((await refusal(attempt)).message).toContain(
        'does not implement message bodies that are no data sections',
      );
    },
  },
);

conforms(
  `${GUIDE}/service-bus-quotas`,
  {},
  {
    async 'A message of more than 256 KB is refused, and one of less arrives whole'(under) {
      const sender = under.client.createSender(TOPIC);
      const body = Buffer.alloc(LARGEST_BYTES - 200, 'x');
      await sender.sendMessages({ body });
      expect((await receiveOne(under.receiver())).body).toEqual(body);
      const attempt = sender.sendMessages({ body: Buffer.alloc(LARGEST_BYTES) });
      expect(await refusal(attempt)).toMatchObject({ code: 'MessageSizeExceeded' });
    },
    async 'A message over HTTP and a batch have the same limit'(under) {
      expect((await under.post('x'.repeat(LARGEST_BYTES - 200))).status).toBe(201);
      expect((await under.post('x'.repeat(LARGEST_BYTES))).status).toBe(403);
      const half = { Body: 'x'.repeat(LARGEST_BYTES / 2) };
      expect((await under.postBatch([half])).status).toBe(201);
      expect((await under.postBatch([half, half])).status).toBe(403);
      await receiveAll(under.receiver(), 2);
      await expectNothing(under.receiver());
    },
  },
);

conforms(
  `${GUIDE}/message-sequencing`,
  {},
  {
    async 'A message with a scheduled time arrives then'(under) {
      const scheduledEnqueueTimeUtc = new Date(under.clock.now() + 5_000);
      await under.send({ body: 'later', scheduledEnqueueTimeUtc }, { body: 'now' });
      const receiver = under.receiver();
      expect((await receiveOne(receiver)).body).toBe('now');
      under.clock.advance(4_999);
      await expectNothing(receiver);
      under.clock.advance(1);
      expect(await receiveOne(receiver)).toMatchObject({ body: 'later', scheduledEnqueueTimeUtc });
    },
    async 'A message is scheduled, and the schedule cancelled, by its number'(under) {
      const sender = under.client.createSender(TOPIC);
      const time = new Date(under.clock.now() + 5_000);
      const [first] = await sender.scheduleMessages([{ body: 'one' }, { body: 'two' }], time);
      if (first) await sender.cancelScheduledMessages(first);
      if (first) expect((await refusal(sender.cancelScheduledMessages(first))).code).toBe('MessageNotFound');
      under.clock.advance(5_000);
      const receiver = under.receiver();
      expect((await receiveOne(receiver)).body).toBe('two');
      await expectNothing(receiver);
    },
  },
);

conforms(
  `${GUIDE}/duplicate-detection`,
  { topic: { duplicateDetectionMs: 60_000 } },
  {
    async 'A message whose id was accepted within the window is accepted and dropped'(under) {
      await under.send({ body: 'first', messageId: 'a' });
      await under.send({ body: 'again', messageId: 'a' }, { body: 'other', messageId: 'b' });
      const receiver = under.receiver({ receiveMode: 'receiveAndDelete' });
      expect(bodies(await receiveAll(receiver, 2))).toEqual(['first', 'other']);
      under.clock.advance(59_999);
      expect((await under.post('over HTTP', { BrokerProperties: '{"MessageId":"a"}' })).status).toBe(201);
      await expectNothing(receiver);
      under.clock.advance(1);
      await under.send({ body: 'after the window', messageId: 'a' });
      expect(bodies(await receiveAll(receiver, 1))).toEqual(['after the window']);
    },
  },
);

conforms(
  `${REST}/send-message-to-queue`,
  {},
  {
    async 'A message over HTTP has its properties in the headers'(under) {
      const BrokerProperties = JSON.stringify({
        MessageId: 'id',
        SessionId: 'session',
        Label: 'orderly.order.placed.v1',
        CorrelationId: 'correlation',
        To: 'to',
        ReplyTo: 'reply',
        TimeToLive: 90,
        Unknown: 'ignored',
      });
      const headers = {
        BrokerProperties,
        'content-type': 'application/json',
        tenant: '"a \\"b\\""',
        priority_: '7',
        urgent: 'true',
      };
      const response = await under.post('{"total":1}', headers);
      expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([
        201,
        '',
        'application/json',
      ]);
      const received = await receiveOne(under.receiver());
      expect(received).toMatchObject({
        body: { total: 1 },
        messageId: 'id',
        sessionId: 'session',
        subject: 'orderly.order.placed.v1',
        correlationId: 'correlation',
        to: 'to',
        replyTo: 'reply',
        timeToLive: 90_000,
        contentType: 'application/json',
      });
      expect(received.applicationProperties).toEqual({ tenant: 'a "b"', priority_: 7, urgent: true });
    },
    async 'A message over HTTP without an id gets one'(under) {
      await under.post('x');
      expect((await receiveOne(under.receiver())).messageId).toMatch(/^[0-9a-f]{32}$/);
    },
    async 'A message over HTTP can be scheduled'(under) {
      const ScheduledEnqueueTimeUtc = new Date(under.clock.now() + 5_000).toUTCString();
      await under.post('"later"', { BrokerProperties: JSON.stringify({ ScheduledEnqueueTimeUtc }) });
      const receiver = under.receiver();
      await expectNothing(receiver);
      under.clock.advance(5_000);
      expect((await receiveOne(receiver)).body).toBe('later');
    },
    async 'An unknown topic, broken properties, a busy server and other requests are refused'(under) {
      const status = async (response: Promise<Response>) => (await response).status;
      expect(await status(under.post('x', {}, 'none'))).toBe(410);
      expect(await status(under.post('x', { BrokerProperties: '{' }))).toBe(400);
      expect(await status(under.post('x', { BrokerProperties: '{"SessionId":1}' }))).toBe(400);
      expect(
        await status(under.post('x', { BrokerProperties: '{"SessionId":"a","PartitionKey":"b"}' })),
      ).toBe(400);
      under.bus.fail(true);
      expect(await status(under.post('x'))).toBe(503);
      under.bus.fail(false);
      const receive = await fetch(
        `${under.bus.restEndpoint}/${TOPIC}/subscriptions/inventory/messages/head`,
        { method: 'DELETE' },
      );
      expect(receive.status).toBe(501);
      expect(await receive.text()).toMatch(
        /^<Error><Code>501<\/Code><Detail>.*does not implement DELETE .*<\/Detail><\/Error>$/,
      );
      await expectNothing(under.receiver());
    },
  },
);

conforms(
  `${REST}/send-message-batch`,
  {},
  {
    async 'A batch over HTTP arrives in order, each message with its properties'(under) {
      const response = await under.postBatch([
        {
          Body: '{"n":1}',
          BrokerProperties: { Label: 'L1', MessageId: '1', SessionId: 's', ContentType: 'application/json' },
        },
        {
          Body: '"two"',
          BrokerProperties: { TimeToLiveTimeSpan: '00:00:40' },
          UserProperties: { Priority: 'High', Rank: 2 },
        },
        { Body: Buffer.from([0, 255]).toString('base64'), IsBodyBase64: true },
      ]);
      expect(response.status).toBe(201);
      const [one, two, three] = await receiveAll(under.receiver(), 3);
      expect(one).toMatchObject({
        body: { n: 1 },
        subject: 'L1',
        messageId: '1',
        sessionId: 's',
        contentType: 'application/json',
      });
      expect(two).toMatchObject({
        body: 'two',
        timeToLive: 40_000,
        applicationProperties: { Priority: 'High', Rank: 2 },
      });
      expect(three?.body).toEqual(Buffer.from([0, 255]));
    },
    async 'A batch is taken whole or not at all'(under) {
      for (const batch of [
        [],
        {},
        [{ Body: 'good' }, { Body: 1 }],
        [{ Body: 'good' }, { Body: 'x', UserProperties: { a: {} } }],
      ])
        expect((await under.postBatch(batch)).status).toBe(400);
      const tooLong = { Body: 'x', BrokerProperties: { SessionId: 's'.repeat(129) } };
      expect((await under.postBatch([{ Body: 'good' }, tooLong])).status).toBe(400);
      await expectNothing(under.receiver());
    },
  },
);

const placed = { subject: 'orderly.order.placed.v1' };

conforms(
  `${GUIDE}/topic-filters`,
  { subscription: { rules: [placed, { subject: 'orderly.order.shipped.v1' }] } },
  {
    async 'A subscription gets the messages that one of its correlation rules matches'(under) {
      const types = ['placed', 'cancelled', 'shipped', 'placed'];
      await under.send(...types.map((body) => ({ body, subject: `orderly.order.${body}.v1` })), {
        body: 'none',
      });
      const receiver = under.receiver();
      expect(bodies(await receiveAll(receiver, 3))).toEqual(['placed', 'shipped', 'placed']);
      await expectNothing(receiver);
    },
  },
);

conforms(
  `${GUIDE}/topic-filters`,
  { topic: { subscriptions: [{ name: 'inventory' }, { name: 'b', rules: [placed] }] } },
  {
    async 'Each subscription gets a copy of its own'(under) {
      await under.send({ body: 'x', ...placed });
      const one = under.receiver();
      await one.completeMessage(await receiveOne(one));
      expect(
        (await receiveOne(under.client.createReceiver(TOPIC, 'b', { maxAutoLockRenewalDurationInMs: 0 })))
          .body,
      ).toBe('x');
    },
  },
);

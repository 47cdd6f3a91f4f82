import { until } from '../google/poll.ts';
import {
  bodies,
  conforms,
  expectNothing,
  receiveAll,
  receiveOne,
  refusal,
  SUBSCRIPTION,
  TOPIC,
} from './service-bus-under-test.ts';

const GUIDE = 'azure/service-bus-messaging';
const SESSIONS = { subscription: { requiresSession: true, maxDeliveryCount: 3 } };

conforms(`${GUIDE}/message-sessions`, SESSIONS, {
  async 'The next session is one with messages that nobody has locked'(under) {
    await under.send(
      { body: 'a1', sessionId: 'a' },
      { body: 'b1', sessionId: 'b' },
      { body: 'a2', sessionId: 'a' },
    );
    const first = await under.nextSession();
    const second = await under.nextSession();
    expect([first.sessionId, second.sessionId]).toEqual(['a', 'b']);
    expect(bodies(await receiveAll(first, 2))).toEqual(['a1', 'a2']);
    expect(bodies(await receiveAll(second, 1))).toEqual(['b1']);
  },
  async 'A receiver that asks for the next session waits for one'(under) {
    const waiting = under.nextSession();
    await under.send({ body: 'a1', sessionId: 'a' });
    const session = await waiting;
    expect(session.sessionId).toBe('a');
    expect((await receiveOne(session)).body).toBe('a1');
  },
  async 'The wait for a session ends after the time that the receiver gives'(under) {
    const waiting = refusal(under.nextSession());
    await until('it waits', () => under.clock.waiting > 0);
    under.clock.advance(10_000);
    expect(await waiting).toMatchObject({ code: 'ServiceTimeout' });
  },
  async 'A session has one receiver at a time'(under) {
    await under.send({ body: 'a1', sessionId: 'a' });
    const session = await under.session('a');
    const other = await under.otherClient();
    expect(await refusal(other.acceptSession(TOPIC, SUBSCRIPTION, 'a'))).toMatchObject({
      code: 'SessionCannotBeLocked',
    });
    await session.close();
    const next = await other.acceptSession(TOPIC, SUBSCRIPTION, 'a');
    expect((await receiveOne(next)).body).toBe('a1');
  },
  async 'A session can be accepted by its name before it has messages'(under) {
    const session = await under.session('later');
    await under.send({ body: 'now', sessionId: 'later' });
    expect(await receiveOne(session)).toMatchObject({ body: 'now', sessionId: 'later' });
  },
  async 'A receiver that takes one message at a time gets the next one once that is settled, and a failed one first'(
    under,
  ) {
    await under.send(...['1', '2', '3'].map((body) => ({ body, sessionId: 'a' })));
    const session = await under.nextSession();
    const one = await receiveOne(session);
    await session.completeMessage(one);
    const two = await receiveOne(session);
    await session.abandonMessage(two);
    const again = await receiveOne(session);
    expect(again).toMatchObject({ body: '2', deliveryCount: 1 });
    await session.completeMessage(again);
    expect((await receiveOne(session)).body).toBe('3');
  },
  async 'A message that fails too often goes to the dead-letter queue, and the session goes on'(under) {
    await under.send({ body: 'poison', sessionId: 'a' }, { body: 'good', sessionId: 'a' });
    const session = await under.nextSession();
    for (let times = 0; times < 3; times++) await session.abandonMessage(await receiveOne(session));
    expect((await receiveOne(session)).body).toBe('good');
    // A dead-letter queue has no sessions.
    expect(await receiveOne(under.deadLetters())).toMatchObject({
      body: 'poison',
      sessionId: 'a',
      deadLetterReason: 'MaxDeliveryCountExceeded',
    });
  },
  async 'A session whose lock expires is lost, and the delivery of its messages counts as failed'(under) {
    await under.send({ body: 'a1', sessionId: 'a' });
    const session = await under.nextSession();
    expect(session.sessionLockedUntilUtc.getTime()).toBe(under.clock.now() + 60_000);
    const message = await receiveOne(session);
    under.clock.advance(60_000);
    await until('the client knows', () => session.isClosed);
    expect(await refusal(session.completeMessage(message))).toMatchObject({ code: 'SessionLockLost' });
    expect(await receiveOne(await under.nextSession())).toMatchObject({ body: 'a1', deliveryCount: 1 });
  },
  async 'Closing a session gives it free, and the delivery of its messages does not count'(under) {
    await under.send({ body: 'a1', sessionId: 'a' });
    const session = await under.nextSession();
    await receiveOne(session);
    await session.close();
    expect(await receiveOne(await under.nextSession())).toMatchObject({ body: 'a1', deliveryCount: 0 });
  },
  async 'A receiver that is gone with its connection gives its session free'(under) {
    await under.send({ body: 'a1', sessionId: 'a' });
    const other = await under.otherClient();
    await receiveOne(await other.acceptNextSession(TOPIC, SUBSCRIPTION));
    await other.close();
    expect((await under.nextSession()).sessionId).toBe('a');
  },
  async 'Renewing the lock of a session starts its time again, for its messages, too'(under) {
    await under.send({ body: 'a1', sessionId: 'a' });
    const session = await under.nextSession();
    const message = await receiveOne(session);
    under.clock.advance(50_000);
    expect((await session.renewSessionLock()).getTime()).toBe(under.clock.now() + 60_000);
    under.clock.advance(59_999);
    await session.completeMessage(message);
    under.clock.advance(1);
    expect(await refusal(session.renewSessionLock())).toMatchObject({ code: 'SessionLockLost' });
  },
  async 'A session keeps a state until it is cleared'(under) {
    await under.send({ body: 'a1', sessionId: 'a' });
    const session = await under.nextSession();
    expect(await session.getSessionState()).toBeNull();
    await session.setSessionState(Buffer.from('"half way"'));
    await session.close();
    expect(await (await under.session('a')).getSessionState()).toBe('half way');
  },
  async 'Peeking a session shows its messages only'(under) {
    await under.send(
      { body: 'b1', sessionId: 'b' },
      { body: 'a1', sessionId: 'a' },
      { body: 'b2', sessionId: 'b' },
    );
    const session = await under.session('b');
    expect(bodies(await session.peekMessages(10))).toEqual(['b1', 'b2']);
  },
  async 'A subscription that requires sessions has no receivers without one'(under) {
    const receiver = under.receiver();
    const { message } = await refusal(receiver.receiveMessages(1));
    expect(message).toContain('an entity that requires sessions');
  },
  async 'Messages of many sessions are received in order by competing receivers, and each once'(under) {
    const ids = Array.from({ length: 12 }, (_, index) => `session-${index}`);
    const sent = ['1', '2', '3'].flatMap((body) => ids.map((sessionId) => ({ body, sessionId })));
    await under.send(...sent);
    const received = new Map<string, unknown[]>();
    const worker = async (client: Pick<typeof under.client, 'acceptNextSession'>): Promise<void> => {
      for (let sessions = 0; sessions < ids.length / 3; sessions++) {
        const session = await client.acceptNextSession(TOPIC, SUBSCRIPTION);
        for (let taken = 0; taken < 3; taken++) {
          const message = await receiveOne(session);
          received.set(session.sessionId, [...(received.get(session.sessionId) ?? []), message.body]);
          await session.completeMessage(message);
        }
        await session.close();
      }
    };
    await Promise.all([
      worker(under.client),
      worker(await under.otherClient()),
      worker(await under.otherClient()),
    ]);
    expect(Object.fromEntries(received)).toEqual(Object.fromEntries(ids.map((id) => [id, ['1', '2', '3']])));
  },
});

conforms(`${GUIDE}/service-bus-dead-letter-queues`, SESSIONS, {
  async 'A message without a session is dead-lettered where sessions are required'(under) {
    await under.send({ body: 'lost' });
    expect(await receiveOne(under.deadLetters())).toMatchObject({
      body: 'lost',
      deadLetterReason: 'Session ID is null.',
    });
  },
});

conforms(
  `${GUIDE}/message-sessions`,
  {},
  {
    async 'A subscription without sessions has no receivers for one, and delivers such messages to any'(
      under,
    ) {
      await under.send({ body: 'a1', sessionId: 'a' });
      const { message } = await refusal(under.session('a'));
      expect(message).toContain('an entity that does not require sessions');
      const receiver = under.receiver();
      expect((await receiveOne(receiver)).sessionId).toBe('a');
      await expectNothing(receiver);
    },
  },
);

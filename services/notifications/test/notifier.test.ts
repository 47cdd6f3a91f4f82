import fc from 'fast-check';
import { notifier } from '../src/domain/notifier.ts';
import { anOrder } from './builders.ts';
import { type Luck, Mailbox } from './mailbox.ts';

const order = anOrder();
const attemptMs = 5_000;
const noon = new Date('2026-01-31T12:00:00.000Z');

const tell = (mailbox: Mailbox) => notifier(mailbox.ports)('order-confirmed', order, () => attemptMs);
const attemptsLater = () => jest.setSystemTime(Date.now() + attemptMs);

beforeEach(() => {
  jest.useFakeTimers({ now: noon, doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  jest.useRealTimers();
});

it('sends the message of the kind to the customer of the order, and stands as SENT', async () => {
  const mailbox = new Mailbox();

  const told = await tell(mailbox);

  expect(told).toBe('SENT');
  expect(mailbox.sent).toEqual([
    {
      to: 'ada@example.com',
      messageId: `<${order.orderId}.order-confirmed@orderly>`,
      subject: expect.stringContaining('is confirmed'),
      text: expect.stringContaining('2 x White mug'),
    },
  ]);
  expect(mailbox.stored).toMatchObject({ status: 'SENT', messageId: 'provider-1', attempts: 1 });
  expect(mailbox.events).toEqual(['orderly.notification.sent.v1']);
});

it('is PENDING before the message goes out', async () => {
  const mailbox = new Mailbox();
  const statuses: unknown[] = [];
  const send = mailbox.outlet.send;
  mailbox.ports.outlet.send = async (envelope, remainingMs) => {
    statuses.push(mailbox.stored?.status);
    return send(envelope, remainingMs);
  };

  await tell(mailbox);

  expect(statuses).toEqual(['PENDING']);
});

it('sends nothing when it is told again', async () => {
  const mailbox = new Mailbox();
  await tell(mailbox);

  const told = await Promise.all([tell(mailbox), tell(mailbox)]);

  expect(told).toEqual(['REPEAT', 'REPEAT']);
  expect(mailbox.sent).toHaveLength(1);
  expect(mailbox.events).toHaveLength(1);
});

it('lets one of two attempts at the same time through and gives the other one back', async () => {
  const mailbox = new Mailbox();

  const outcomes = await Promise.allSettled([tell(mailbox), tell(mailbox)]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(mailbox.sent).toHaveLength(1);
});

it('is FAILED for good when the provider refuses it', async () => {
  const mailbox = new Mailbox();
  mailbox.sends = ['refused'];

  const told = [await tell(mailbox), await tell(mailbox)];

  expect(told).toEqual(['FAILED', 'REPEAT']);
  expect(mailbox.sent).toEqual([]);
  expect(mailbox.stored).toMatchObject({ status: 'FAILED', reason: 'no such mailbox' });
  expect(mailbox.events).toEqual(['orderly.notification.failed.v1']);
});

it('gives back what may go out later, and tries again without waiting', async () => {
  const mailbox = new Mailbox();
  mailbox.sends = ['unreachable'];

  await expect(tell(mailbox)).rejects.toThrow('no route to host');
  const between = mailbox.stored;
  const told = await tell(mailbox);

  expect(between).toMatchObject({ status: 'PENDING', attempts: 1 });
  expect(told).toBe('SENT');
  expect(mailbox.stored).toMatchObject({ status: 'SENT', attempts: 2 });
  expect(mailbox.events).toEqual(['orderly.notification.sent.v1']);
});

it('a crash between sending and saying so leaves PENDING; the next attempt has the same Message-ID', async () => {
  const mailbox = new Mailbox();
  // PENDING is written; the table is away for SENT.
  mailbox.saves = ['well', 'crash before it'];

  await expect(tell(mailbox)).rejects.toThrow('the table is away');
  const between = mailbox.stored;
  await expect(tell(mailbox)).rejects.toThrow('Another attempt');
  attemptsLater();
  const told = await tell(mailbox);

  expect(between).toMatchObject({ status: 'PENDING' });
  expect(told).toBe('SENT');
  expect(new Set(mailbox.sent.map(({ messageId }) => messageId)).size).toBe(1);
  expect(mailbox.stored).toMatchObject({ status: 'SENT', attempts: 2 });
});

it('a crash before the message went out sends it later, once', async () => {
  const mailbox = new Mailbox();
  mailbox.saves = ['crash after it'];

  await expect(tell(mailbox)).rejects.toThrow('the answer of the table was lost');
  attemptsLater();
  await tell(mailbox);

  expect(mailbox.sent).toHaveLength(1);
  expect(mailbox.stored).toMatchObject({ status: 'SENT', attempts: 2 });
});

it.each<[Luck]>([['well'], ['refused']])(
  'an attempt that another one overtook tells nothing (%s)',
  async (luck) => {
    const mailbox = new Mailbox();
    const { send } = mailbox.outlet;
    let overtaking: string | undefined;
    mailbox.ports.outlet.send = async (envelope, remainingMs) => {
      mailbox.ports.outlet.send = send;
      attemptsLater();
      overtaking = await tell(mailbox);
      mailbox.sends = [luck];
      return send(envelope, remainingMs);
    };

    const overtaken = await tell(mailbox);

    expect([overtaking, overtaken]).toEqual(['SENT', 'REPEAT']);
    expect(mailbox.events).toEqual(['orderly.notification.sent.v1']);
  },
);

it('a SENT whose answer was lost is not sent again', async () => {
  const mailbox = new Mailbox();
  mailbox.saves = ['well', 'crash after it'];

  await expect(tell(mailbox)).rejects.toThrow('the answer of the table was lost');
  attemptsLater();

  expect(await tell(mailbox)).toBe('REPEAT');
  expect(mailbox.sent).toHaveLength(1);
});

const luck = fc.constantFrom<Luck>('well', 'refused', 'unreachable', 'crash after it', 'crash before it');
const delivery = fc.record({
  send: luck,
  saves: fc.array(fc.constantFrom<Luck>('well', 'well', 'crash after it', 'crash before it'), {
    maxLength: 3,
  }),
  attemptIsOver: fc.boolean(),
});

it('whatever happens however often: nothing goes out after SENT or FAILED, and each of them is said once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(delivery, { maxLength: 12 }), async (deliveries) => {
      const mailbox = new Mailbox();

      for (const { send, saves, attemptIsOver } of deliveries) {
        const final = mailbox.stored?.status === 'SENT' || mailbox.stored?.status === 'FAILED';
        const before = { stored: mailbox.stored, sent: mailbox.sent.length, events: mailbox.events.length };
        mailbox.sends = [send];
        mailbox.saves = [...saves];

        const told = await tell(mailbox).catch(() => 'given back');

        if (final) {
          expect(told).toBe(saves[0]?.startsWith('crash') ? 'given back' : 'REPEAT');
          expect({
            stored: mailbox.stored,
            sent: mailbox.sent.length,
            events: mailbox.events.length,
          }).toEqual(before);
        }
        if (attemptIsOver) attemptsLater();
      }
      mailbox.sends = [];
      mailbox.saves = [];
      attemptsLater();
      await tell(mailbox);

      const { status } = mailbox.stored ?? {};
      expect(['SENT', 'FAILED']).toContain(status);
      expect(mailbox.events).toEqual([`orderly.notification.${status?.toLowerCase()}.v1`]);
      expect(new Set(mailbox.sent.map(({ messageId }) => messageId)).size).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
});

it('a table that never fails means at most one message', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ send: fc.constantFrom<Luck>('well', 'unreachable'), twice: fc.boolean() })),
      async (deliveries) => {
        const mailbox = new Mailbox();

        for (const { send, twice } of deliveries) {
          mailbox.sends = [send];
          await Promise.allSettled(twice ? [tell(mailbox), tell(mailbox)] : [tell(mailbox)]);
        }

        expect(mailbox.sent.length).toBeLessThanOrEqual(1);
        expect(mailbox.sentWhenMarked).toBe(mailbox.sent.length === 1 ? 1 : undefined);
      },
    ),
  );
});

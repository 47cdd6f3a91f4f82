import fc from 'fast-check';
import { notifier } from '../src/domain/notifier.ts';
import { anOrder, noon } from './builders.ts';
import { type Luck, Mailbox } from './mailbox.ts';

const order = anOrder();
const attemptMs = 5_000;

async function notify(mailbox: Mailbox) {
  const endsAt = Date.now() + attemptMs;
  return (await notifier(mailbox.ports)('order-confirmed', order, () => endsAt - Date.now())).outcome;
}
const attemptsLater = () => jest.setSystemTime(Date.now() + attemptMs);

beforeEach(() => {
  jest.useFakeTimers({ now: noon, doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  jest.useRealTimers();
});

it('sends the message to the customer of the order, and is SENT', async () => {
  const mailbox = new Mailbox();

  const outcome = await notify(mailbox);

  expect(outcome).toBe('sent');
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

it('sends nothing the second time', async () => {
  const mailbox = new Mailbox();
  await notify(mailbox);

  const outcome = await Promise.all([notify(mailbox), notify(mailbox)]);

  expect(outcome).toEqual(['repeated', 'repeated']);
  expect(mailbox.sent).toHaveLength(1);
  expect(mailbox.events).toHaveLength(1);
});

it('is FAILED for good when the provider refuses it', async () => {
  const mailbox = new Mailbox();
  mailbox.sends = ['refused'];

  const outcome = [await notify(mailbox), await notify(mailbox)];

  expect(outcome).toEqual(['failed', 'repeated']);
  expect(mailbox.sent).toEqual([]);
  expect(mailbox.stored).toMatchObject({ status: 'FAILED', reason: 'no such mailbox' });
  expect(mailbox.events).toEqual(['orderly.notification.failed.v1']);
});

it('gives back what may be sent later, and tries again without waiting', async () => {
  const mailbox = new Mailbox();
  mailbox.sends = ['unreachable'];

  await expect(notify(mailbox)).rejects.toThrow('no route to host');
  const between = mailbox.stored;
  const outcome = await notify(mailbox);

  expect(between).toMatchObject({ status: 'PENDING', attempts: 1 });
  expect(outcome).toBe('sent');
  expect(mailbox.stored).toMatchObject({ status: 'SENT', attempts: 2 });
  expect(mailbox.events).toEqual(['orderly.notification.sent.v1']);
});

it('a crash between sending and saving leaves PENDING; the next attempt has the same Message-ID', async () => {
  const mailbox = new Mailbox();
  // PENDING is written; the table is away for SENT.
  mailbox.saves = ['well', 'crash before it'];

  await expect(notify(mailbox)).rejects.toThrow('the table is away');
  const between = mailbox.stored;
  await expect(notify(mailbox)).rejects.toThrow('Another attempt');
  attemptsLater();
  const outcome = await notify(mailbox);

  expect(between).toMatchObject({ status: 'PENDING' });
  expect(outcome).toBe('sent');
  expect(new Set(mailbox.sent.map(({ messageId }) => messageId)).size).toBe(1);
  expect(mailbox.stored).toMatchObject({ status: 'SENT', attempts: 2 });
});

it.each<[Luck, readonly PromiseSettledResult<string>['status'][]]>([
  ['well', ['fulfilled', 'fulfilled']],
  ['unreachable', ['rejected', 'fulfilled']],
])(
  'an attempt waits for the one that is at work, and the message is sent once (%s)',
  async (luck, statuses) => {
    const mailbox = new Mailbox();
    const { send } = mailbox.outlet;
    mailbox.ports.outlet.send = async (...mail) => {
      mailbox.ports.outlet.send = send;
      mailbox.sends = [luck];
      await new Promise<void>((over) => {
        mailbox.meanwhile = over;
      });
      return send(...mail);
    };

    const both = await Promise.allSettled([notify(mailbox), notify(mailbox)]);

    expect(both.map(({ status }) => status)).toEqual(statuses);
    expect(mailbox.sent).toHaveLength(1);
    expect(mailbox.events).toEqual(['orderly.notification.sent.v1']);
  },
);

/** The outlet's answers to an attempt, and to another one that begins while the first is under way, as its time is over. */
async function overtake(first: Luck, second: Luck) {
  const mailbox = new Mailbox();
  const { send } = mailbox.outlet;
  let overtaking: Promise<string> | undefined;
  mailbox.ports.outlet.send = async (envelope, remainingMs) => {
    mailbox.ports.outlet.send = send;
    attemptsLater();
    mailbox.sends = [second];
    overtaking = notify(mailbox);
    await Promise.allSettled([overtaking]);
    mailbox.sends = [first];
    return send(envelope, remainingMs);
  };
  const [overtaken] = await Promise.allSettled([notify(mailbox)]);
  return { mailbox, overtaken, overtaking };
}

it.each<[Luck]>([['well'], ['refused']])(
  'an attempt that another one overtook publishes nothing (%s)',
  async (luck) => {
    const { mailbox, overtaken, overtaking } = await overtake(luck, 'well');

    await expect(overtaking).resolves.toBe('sent');
    expect(overtaken).toEqual({ status: 'fulfilled', value: 'repeated' });
    expect(mailbox.events).toEqual(['orderly.notification.sent.v1']);
  },
);

it('a message that was sent is SENT, also when another attempt has begun meanwhile and failed', async () => {
  const { mailbox, overtaken, overtaking } = await overtake('well', 'unreachable');

  await expect(overtaking).rejects.toThrow('no route to host');
  expect(overtaken).toEqual({ status: 'fulfilled', value: 'sent' });
  expect(mailbox.stored).toMatchObject({ status: 'SENT', attempts: 2 });
  expect(mailbox.events).toEqual(['orderly.notification.sent.v1']);
});

it('an event whose message was refused comes again while another attempt may still send it', async () => {
  const { mailbox, overtaken, overtaking } = await overtake('refused', 'unreachable');

  await expect(overtaking).rejects.toThrow('no route to host');
  expect(overtaken).toMatchObject({
    status: 'rejected',
    reason: { message: expect.stringContaining('Another attempt') },
  });
  expect(mailbox.stored).toMatchObject({ status: 'PENDING' });
  expect(mailbox.events).toEqual([]);
});

const luck = fc.constantFrom<Luck>('well', 'refused', 'unreachable', 'crash after it', 'crash before it');
const delivery = fc.record({
  send: luck,
  saves: fc.array(fc.constantFrom<Luck>('well', 'well', 'crash after it', 'crash before it'), {
    maxLength: 3,
  }),
  attemptIsOver: fc.boolean(),
});

it('whatever happens however often: nothing is sent after SENT or FAILED, and each of them is published once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(delivery, { maxLength: 12 }), async (deliveries) => {
      const mailbox = new Mailbox();

      for (const { send, saves, attemptIsOver } of deliveries) {
        const final = mailbox.stored?.status === 'SENT' || mailbox.stored?.status === 'FAILED';
        const before = { stored: mailbox.stored, sent: mailbox.sent.length, events: mailbox.events.length };
        mailbox.sends = [send];
        mailbox.saves = [...saves];

        const outcome = await notify(mailbox).catch(() => 'given back');

        if (final) {
          expect(outcome).toBe(saves[0]?.startsWith('crash') ? 'given back' : 'repeated');
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
      await notify(mailbox);

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
          await Promise.allSettled(twice ? [notify(mailbox), notify(mailbox)] : [notify(mailbox)]);
        }

        expect(mailbox.sent.length).toBeLessThanOrEqual(1);
        expect(mailbox.sentWhenMarked).toBe(mailbox.sent.length === 1 ? 1 : undefined);
      },
    ),
  );
});

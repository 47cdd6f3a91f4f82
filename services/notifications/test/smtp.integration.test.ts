import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type Answers, Mailboxes } from '@orderly/support/mailbox';
import { simpleParser } from 'mailparser';
import { deliver } from '../../../tests/platform/invoke.ts';
import { outboxOf, storedItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { anOrder, eventOf } from './builders.ts';

withResourcesOf('notifications');

const mailboxes = new Mailboxes();
let consume: typeof import('../src/functions/consume-order-events.ts').handler;

/** The function as a stage with this mail server has it: a channel is chosen while the function loads. */
async function functionIn(environment: Readonly<Record<string, string>>): Promise<typeof consume> {
  delete process.env.SMTP_URL;
  Object.assign(process.env, { CHANNEL: 'smtp', MAIL_FROM: 'shop@example.com', ...environment });
  jest.resetModules();
  return (await import('../src/functions/consume-order-events.ts')).handler;
}

beforeAll(async () => {
  consume = await functionIn({ SMTP_URL: await mailboxes.open() });
});
afterAll(() => mailboxes.close());
beforeEach(() => {
  mailboxes.answers = {};
  mailboxes.delivered.length = 0;
});

const key = (orderId: string) => ({ pk: `ORDER#${orderId}`, sk: 'order-confirmed' });
const stored = (orderId: string) => storedItem('test-notifications', key(orderId));
const outbox = (orderId: string) => outboxOf('test-notifications', key(orderId));

it('the mail arrives: address, subject, text and Message-ID', async () => {
  const order = anOrder({ customer: { ...anOrder().customer, email: 'grace@example.com' } });
  const { orderId } = order;

  const failed = await deliver(consume, eventOf('order-confirmed', order));

  expect(failed).toEqual([]);
  const [delivery] = mailboxes.delivered;
  const mail = await simpleParser(delivery?.mail ?? '');
  expect(mailboxes.delivered).toHaveLength(1);
  expect(delivery).toMatchObject({ from: 'shop@example.com', to: ['grace@example.com'] });
  expect(mail).toMatchObject({
    subject: `Your order ${orderId.slice(0, 8)} is confirmed`,
    messageId: `<${orderId}.order-confirmed@orderly>`,
    from: { text: 'shop@example.com' },
    to: { text: 'grace@example.com' },
  });
  expect(mail.text).toContain('2 x White mug (MUG)  £5.10');
  expect(mail.text).toContain('Total: £15.30');
  expect(await stored(orderId)).toMatchObject({
    status: 'SENT',
    channel: 'smtp',
    messageId: `<${orderId}.order-confirmed@orderly>`,
  });
});

it.each<[string, Answers, number]>([
  ['RCPT TO', { rcptTo: () => 550 }, 550],
  ['the message', { data: () => 554 }, 554],
])(
  'a 5xx to %s is FAILED with the reason, published, and never tried again',
  async (_what, answers, code) => {
    const order = anOrder();
    const event = eventOf('order-confirmed', order);
    mailboxes.answers = answers;

    const failed = await deliver(consume, event);
    mailboxes.answers = {};
    const again = await deliver(consume, event);

    expect([failed, again]).toEqual([[], []]);
    expect(mailboxes.delivered).toEqual([]);
    const reason = expect.stringContaining(`${code} Answer ${code}`);
    expect(await stored(order.orderId)).toMatchObject({
      status: 'FAILED',
      reason,
      failedAt: expect.any(String),
    });
    expect(await outbox(order.orderId)).toMatchObject([
      { type: 'orderly.notification.failed.v1', sequence: 2, data: { reason, channel: 'smtp' } },
    ]);
  },
);

it.each<[string, Answers]>([
  ['4xx to RCPT TO', { rcptTo: () => 451 }],
  ['4xx to the message', { data: () => 452 }],
  ['refused sender, which is our mistake,', { mailFrom: () => 550 }],
])('a %s gives the event back; delivered again it is sent', async (_what, answers) => {
  const order = anOrder();
  const event = eventOf('order-confirmed', order);
  mailboxes.answers = answers;

  const failed = await deliver(consume, event);
  const between = await stored(order.orderId);
  mailboxes.answers = {};
  const again = await deliver(consume, event);

  expect([failed, again]).toEqual([[0], []]);
  expect(between).toMatchObject({ status: 'PENDING' });
  expect(between).not.toHaveProperty('outbox');
  expect(mailboxes.delivered).toHaveLength(1);
  expect(await stored(order.orderId)).toMatchObject({ status: 'SENT', attempts: 2 });
});

it('the password is read from Systems Manager, and again once the mail server refuses it', async () => {
  let password = 'old';
  const asked: unknown[] = [];
  const ssm = createHttpServer(async (request, answer) => {
    asked.push(await json(request));
    answer.end(
      JSON.stringify({ Parameter: { Value: `smtp://user:${password}@127.0.0.1:${mailboxes.port}` } }),
    );
  });
  await new Promise<void>((listening) => ssm.listen(0, '127.0.0.1', listening));
  const consumeThere = await functionIn({
    SMTP_URL_PARAMETER: '/orderly/test/smtp-url',
    AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${(ssm.address() as AddressInfo).port}`,
  });
  const event = eventOf('order-confirmed', anOrder());

  mailboxes.password = 'old';
  const first = await deliver(consumeThere, eventOf('order-confirmed', anOrder()));
  mailboxes.password = 'new';
  password = 'new';
  const refused = await deliver(consumeThere, event);
  const again = await deliver(consumeThere, event);

  expect([first, refused, again]).toEqual([[], [0], []]);
  expect(asked).toEqual([1, 2].map(() => ({ Name: '/orderly/test/smtp-url', WithDecryption: true })));
  expect(mailboxes.delivered).toHaveLength(2);
  mailboxes.password = undefined;
  ssm.closeAllConnections();
  ssm.close();
});

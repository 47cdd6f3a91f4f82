import { Mailboxes } from '@orderly/support/mailbox';
import { deliver } from '../../../tests/platform/invoke.ts';
import { withResourcesOf } from '../../../tests/platform/resources.ts';
import { anOrder, eventOf } from './builders.ts';

withResourcesOf('notifications');

const mailboxes = new Mailboxes();
afterAll(() => mailboxes.close());

it('a mail by SMTP is a span beside the calls of its event, and no span holds an address', async () => {
  Object.assign(process.env, {
    CHANNEL: 'smtp',
    MAIL_FROM: 'shop@example.com',
    SMTP_URL: await mailboxes.open(),
    ORDERLY_TRACE_SPANS: 'true',
  });
  const written: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0);
  const { handler } = await import('../src/functions/consume-order-events.ts');
  const order = anOrder({ customer: { ...anOrder().customer, email: 'grace@example.com' } });

  const failed = await deliver(handler, eventOf('order-confirmed', order));

  jest.restoreAllMocks();
  expect(failed).toEqual([]);
  expect(mailboxes.delivered).toHaveLength(1);
  const spans = written.map((line) => JSON.parse(line));
  const consumed = spans.find(({ kind }) => kind === 'consumer');
  expect(consumed).toMatchObject({ name: 'process OrderConfirmed', outcome: 'ok' });
  expect(spans.find(({ name }) => name === 'SMTP send')).toMatchObject({
    kind: 'client',
    parentSpanId: consumed?.spanId,
    outcome: 'ok',
    attributes: { 'server.address': '127.0.0.1', order_id: order.orderId },
  });
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([consumed?.traceId]));
  expect(written.join('')).not.toContain('@example.com');
});

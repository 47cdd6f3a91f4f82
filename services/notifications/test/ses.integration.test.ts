import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { simpleParser } from 'mailparser';
import { deliver } from '../../../tests/platform/invoke.ts';
import { outboxOf, storedItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { anOrder, eventOf } from './builders.ts';

withResourcesOf('notifications');

interface SendEmail {
  readonly FromEmailAddress: string;
  readonly Destination: { readonly ToAddresses: readonly string[] };
  readonly Content: { readonly Raw: { readonly Data: string } };
}

interface SesError {
  readonly status: number;
  readonly type: string;
}

/** A stand-in for SES v2: it accepts SendEmail, or answers the error that is set, so often. */
const ses = {
  error: undefined as SesError | undefined,
  errors: Number.POSITIVE_INFINITY,
  requests: [] as unknown[],
};
let server: Server;
let consume: typeof import('../src/functions/consume-order-events.ts').handler;

beforeAll(async () => {
  server = createServer(async (request, answer) => {
    const body = (await json(request)) as SendEmail;
    const { authorization, 'content-type': type } = request.headers;
    ses.requests.push({ call: `${request.method} ${request.url}`, authorization, type, body });
    const error = ses.errors-- > 0 ? ses.error : undefined;
    answer.writeHead(error?.status ?? 200, {
      'content-type': 'application/json',
      ...(error && { 'x-amzn-errortype': error.type }),
    });
    answer.end(JSON.stringify(error ? { message: `SES says ${error.type}` } : { MessageId: 'ses-1' }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  Object.assign(process.env, {
    CHANNEL: 'ses',
    MAIL_FROM: 'shop@example.com',
    AWS_ENDPOINT_URL_SESV2: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  jest.resetModules();
  consume = (await import('../src/functions/consume-order-events.ts')).handler;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  ses.error = undefined;
  ses.errors = Number.POSITIVE_INFINITY;
  ses.requests.length = 0;
});

const key = (orderId: string) => ({ pk: `ORDER#${orderId}`, sk: 'order-shipped' });
const stored = (orderId: string) => storedItem('test-notifications', key(orderId));

it('sends the mail by SendEmail of SES v2, signed, and stores the id from SES', async () => {
  const order = anOrder();
  const { orderId } = order;

  expect(await deliver(consume, eventOf('order-shipped', order))).toEqual([]);

  expect(ses.requests).toEqual([
    {
      call: 'POST /v2/email/outbound-emails',
      authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 .*\/eu-central-1\/ses\/aws4_request/),
      type: 'application/json',
      body: {
        FromEmailAddress: 'shop@example.com',
        Destination: { ToAddresses: ['ada@example.com'] },
        Content: { Raw: { Data: expect.any(String) } },
      },
    },
  ]);
  const [{ body }] = ses.requests as [{ body: SendEmail }];
  const mail = await simpleParser(Buffer.from(body.Content.Raw.Data, 'base64'));
  expect(mail).toMatchObject({
    subject: `Your order ${orderId.slice(0, 8)} is on its way`,
    messageId: `<${orderId}.order-shipped@orderly>`,
    from: { text: 'shop@example.com' },
    to: { text: 'ada@example.com' },
  });
  expect(mail.text).toContain('Total: £15.30');
  expect(await stored(orderId)).toMatchObject({
    status: 'SENT',
    channel: 'ses',
    messageId: '<ses-1@eu-central-1.amazonses.com>',
  });
});

it('MessageRejected is FAILED with the reason, published, and never tried again', async () => {
  const order = anOrder();
  const event = eventOf('order-shipped', order);
  ses.error = { status: 400, type: 'MessageRejected' };

  const failed = [await deliver(consume, event), await deliver(consume, event)];

  expect(failed).toEqual([[], []]);
  expect(ses.requests).toHaveLength(1);
  expect(await stored(order.orderId)).toMatchObject({ status: 'FAILED', reason: 'SES says MessageRejected' });
  expect(await outboxOf('test-notifications', key(order.orderId))).toMatchObject([
    { type: 'orderly.notification.failed.v1', data: { channel: 'ses', reason: 'SES says MessageRejected' } },
  ]);
});

it('a throttled message is sent within the same invocation', async () => {
  const order = anOrder();
  ses.error = { status: 429, type: 'TooManyRequestsException' };
  ses.errors = 2;

  expect(await deliver(consume, eventOf('order-shipped', order))).toEqual([]);

  expect(ses.requests).toHaveLength(3);
  expect(await stored(order.orderId)).toMatchObject({ status: 'SENT', attempts: 1 });
});

it.each([
  ['a fault of SES', { status: 500, type: 'InternalFailure' }],
  ['a sender that is not verified yet', { status: 400, type: 'MailFromDomainNotVerifiedException' }],
])('%s gives the event back after one try; delivered again it is sent', async (_what, error) => {
  const order = anOrder();
  const event = eventOf('order-shipped', order);
  ses.error = error;

  const failed = await deliver(consume, event);
  const tries = ses.requests.length;
  ses.error = undefined;
  const again = await deliver(consume, event);

  expect([failed, tries, again]).toEqual([[0], 1, []]);
  expect(await stored(order.orderId)).toMatchObject({ status: 'SENT', attempts: 2 });
});

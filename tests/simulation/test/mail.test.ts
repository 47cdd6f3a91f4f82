import { REFUSED_DOMAIN } from '@orderly/support/plan';
import { Conditions } from '../src/world/conditions.ts';
import { NO_FAULTS } from '../src/world/faults.ts';
import { Mail } from '../src/world/mail.ts';

const mailTo = (to: string) => ({
  method: 'POST',
  path: '/v2/email/outbound-emails',
  headers: {},
  body: JSON.stringify({
    Content: {
      Raw: { Data: Buffer.from('Subject: s\r\nMessage-ID: <o.k@orderly>\r\n\r\nHi').toString('base64') },
    },
    Destination: { ToAddresses: [to] },
  }),
});

function setUp(faults: Partial<typeof NO_FAULTS> = {}) {
  const world = new Conditions({ seed: 1, faults: { ...NO_FAULTS, ...faults } });
  const mail = new Mail(world);
  return { world, mail, send: (to = 'jane@example.com') => mail.serve(mailTo(to)) };
}

it('a mail is taken, and known by its Message-ID', () => {
  const { mail, send } = setUp();
  expect(send()).toMatchObject({ status: 200, body: { MessageId: expect.any(String) } });
  expect(mail.taken).toEqual(['<o.k@orderly>']);
});

it('a mailbox that does not exist is refused for good', () => {
  const { world, mail, send } = setUp();
  expect(send(`jane@${REFUSED_DOMAIN}`)).toMatchObject({
    status: 400,
    headers: { 'x-amzn-errortype': 'MessageRejected' },
  });
  expect([mail.taken, world.faultCounts.get('mail refused')]).toEqual([[], 1]);
});

it('a mail that is throttled is not taken', () => {
  const { world, mail, send } = setUp({ mailThrottled: 1 });
  expect(send()).toMatchObject({ status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' } });
  expect([mail.taken, world.faultCounts.get('mail throttled')]).toEqual([[], 1]);
});

it('no mail is taken while SES is away, and then again', async () => {
  const { world, mail, send } = setUp();
  mail.awayUntil = world.scheduler.now() + 60_000;
  expect(send().status).toBe(429);
  await world.scheduler.run(world.scheduler.sleep(60_000));
  expect(send().status).toBe(200);
});

it('a mail whose answer is lost was taken, and is taken twice when it is sent again', () => {
  const { mail, send } = setUp({ mailAnswerLost: 1 });
  expect([send().status, send().status]).toEqual([503, 503]);
  expect(mail.taken).toEqual(['<o.k@orderly>', '<o.k@orderly>']);
});

it('a request that is none of SES is an error', () => {
  const { mail } = setUp();
  expect(() => mail.serve({ method: 'GET', path: '/v2/email/identities', headers: {} })).toThrow(
    'There is no service for /v2/email/identities',
  );
});

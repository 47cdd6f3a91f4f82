import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, Reason } from '@orderly/contracts';
import { parse as parseYaml } from 'yaml';
import { longestSendMs, mailOutlet } from '../src/adapters/mail-channel.ts';
import { type Envelope, RefusedError } from '../src/domain/channel.ts';

const envelope: Envelope = { to: 'ada@example.com', messageId: '<1@orderly>', subject: 'Hello', text: 'You' };

/** An invocation that has just begun. */
const ample = () => 15_000;
/** Leaves no time for another attempt. */
const pace = { limitMs: longestSendMs, base: 20_000, cap: 20_000 };

/** The error of a message whose transport fails like this. */
async function failure(error: unknown): Promise<unknown> {
  const outlet = mailOutlet({ sendMail: () => Promise.reject(error) }, 'shop@example.com', pace);
  return outlet.send(envelope, ample).catch((thrown: unknown) => thrown);
}

/** As nodemailer describes the answer of an SMTP server, and of SES. */
const rcptTo = (responseCode: number) => ({ code: 'EENVELOPE', command: 'RCPT TO', responseCode });
const toMessage = (responseCode: number) => ({ code: 'EMESSAGE', command: 'DATA', responseCode });
const bySes = (name: string) => ({ name, code: 'ESES' });

const failed = (message: string, properties: object) => Object.assign(new Error(message), properties);

it('sends the whole message with the sender, and returns its id at the provider', async () => {
  const sendMail = jest.fn(async () => ({ messageId: '<9@provider>' }));

  const messageId = await mailOutlet({ sendMail }, 'shop@example.com').send(envelope, ample);

  expect(messageId).toBe('<9@provider>');
  expect(sendMail).toHaveBeenCalledWith({ ...envelope, from: 'shop@example.com' });
});

it.each([
  ['550 at RCPT TO', rcptTo(550)],
  ['554 to the DATA command', { code: 'EENVELOPE', command: 'DATA', responseCode: 554 }],
  ['552 to the message', toMessage(552)],
  ['MessageRejected of SES', bySes('MessageRejected')],
])('%s is a refusal of this message', async (_case, properties) => {
  expect(await failure(failed('no', properties))).toEqual(new RefusedError('no'));
});

it.each([
  ['451 at RCPT TO', rcptTo(451)],
  ['421 to the message', toMessage(421)],
  ['a refused sender', { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 550 }],
  ['a failed login', { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 }],
  ['a greeting of 554', { code: 'ECONNECTION', command: 'CONN', responseCode: 554 }],
  ['a refused connection', { code: 'ECONNECTION', originalCode: 'ECONNREFUSED' }],
  ['an envelope that never reached the server', { code: 'EENVELOPE', command: 'API' }],
  ['throttling of SES', bySes('TooManyRequestsException')],
  ['throttling of SES by SMTP', toMessage(454)],
])('%s may work later and is thrown as it is', async (_case, properties) => {
  const error = failed('later', properties);

  expect(await failure(error)).toBe(error);
});

// Such a provider refuses every message, though none of them is wrong.
it.each([
  [
    'a sender, or in the sandbox a recipient, that is not verified with SES',
    'Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: ada@example.com',
    bySes('MessageRejected'),
  ],
  [
    'the same by SMTP',
    'Message failed: 554 Message rejected: Email address is not verified.',
    toMessage(554),
  ],
  ['an account that may not send', 'Sending suspended for this account', bySes('MessageRejected')],
  [
    'a user that may not send',
    '554 Access denied: User arn:aws:iam::1:user/a is not authorized to perform ses:SendRawEmail',
    toMessage(554),
  ],
  ['a server that does not relay for us', '550 5.7.1 Relaying denied', rcptTo(550)],
  ['a policy', '554 5.7.1 Service unavailable', rcptTo(554)],
  ['a sender', '550 5.1.8 Domain not found', rcptTo(550)],
])('a refusal because of %s is our mistake, and may work later', async (_case, message, properties) => {
  const error = failed(message, properties);

  expect(await failure(error)).toBe(error);
});

describe('a provider that throttles', () => {
  const throttled = failed('Maximum sending rate exceeded', bySes('TooManyRequestsException'));
  const quick = { limitMs: 1_000, base: 1, cap: 2 };

  it('gets the message again for as long as there is time', async () => {
    const sendMail = jest.fn(() => Promise.reject(throttled));
    let left = 1_050;
    const remainingMs = () => left--;

    await expect(
      mailOutlet({ sendMail }, 'shop@example.com', quick).send(envelope, remainingMs),
    ).rejects.toBe(throttled);
    expect(left).toBeLessThan(1_001);
    expect(sendMail.mock.calls.length).toBeGreaterThan(1);
  });

  it.each([
    throttled,
    failed('454 Throttling failure: Maximum sending rate exceeded.', toMessage(454)),
    failed('421 Too many connections', toMessage(421)),
    failed(
      '450 4.2.1 The user is receiving mail at a rate that prevents additional messages',
      toMessage(450),
    ),
  ])('gets the message again within the same invocation: %s', async (error) => {
    const sendMail = jest.fn(async () => ({ messageId: '<9@provider>' }));
    for (let i = 0; i < 3; i++) sendMail.mockRejectedValueOnce(error);

    const sent = await mailOutlet({ sendMail }, 'shop@example.com', quick).send(envelope, ample);

    expect(sent).toBe('<9@provider>');
    expect(sendMail).toHaveBeenCalledTimes(4);
  });

  it('is not one that greylists', async () => {
    const later = failed('451 Greylisted', rcptTo(451));
    const sendMail = jest.fn(() => Promise.reject(later));

    await expect(mailOutlet({ sendMail }, 'shop@example.com', quick).send(envelope, ample)).rejects.toBe(
      later,
    );
    expect(sendMail).toHaveBeenCalledTimes(1);
  });
});

it('no send begins with less time left than it may take', async () => {
  const sendMail = jest.fn(async () => ({ messageId: '<9@provider>' }));

  const sending = mailOutlet({ sendMail }, 'shop@example.com').send(envelope, () => longestSendMs - 1);

  await expect(sending).rejects.toThrow(`Less than ${longestSendMs} ms are left`);
  expect(sendMail).not.toHaveBeenCalled();
});

it('a thrown value that is no error is thrown as it is', async () => {
  expect(await failure('a text')).toBe('a text');
});

it.each([
  ['550 No such\r\nmailbox', '550 No such mailbox'],
  [`550 ${'x'.repeat(600)}`, `550 ${'x'.repeat(496)}`],
  ['550 <ada@example.com>: unknown', '550 <***@***>: unknown'],
  ['\r\n', 'refused'],
  ['', 'refused'],
  [`${'x'.repeat(499)}\u{1f4ea} is full`, 'x'.repeat(499)],
  [`a lone \ud83d surrogate`, 'a lone   surrogate'],
])('the reason of a refusal is one line that an event can carry: %#', async (answer, reason) => {
  const error = await failure(failed(answer, { name: 'MessageRejected' }));

  expect(error).toEqual(new RefusedError(reason));
  expect(parse(Reason, error instanceof Error ? error.message : undefined)).toMatchObject({
    outcome: 'valid',
  });
});

it('a server that never answers is given up in time, and the message may be sent again', async () => {
  const outlet = mailOutlet({ sendMail: () => new Promise(() => undefined) }, 'shop@example.com', {
    ...pace,
    limitMs: 20,
  });

  const error = await outlet.send(envelope, ample).catch((thrown: unknown) => thrown);

  expect(error).toEqual(new Error('The mail server has not taken the message within 20 ms'));
});

it('a mail may take less time than its function', () => {
  const consumer = readFileSync(resolve(__dirname, '../../../shared/serverless/consumer.yml'), 'utf8');
  const { timeout } = parseYaml(consumer, { logLevel: 'silent' });

  expect(longestSendMs).toBeLessThan(timeout * 1000);
});

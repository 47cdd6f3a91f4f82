import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, Reason } from '@orderly/contracts';
import { parse as parseYaml } from 'yaml';
import { type Envelope, RefusedError } from '../src/channel.ts';
import { longestSendMs, mailOutlet } from '../src/mail-channel.ts';

const envelope: Envelope = { to: 'ada@example.com', messageId: '<1@orderly>', subject: 'Hello', text: 'You' };

/** What becomes of a message whose transport fails like this. */
async function failure(error: unknown): Promise<unknown> {
  const outlet = mailOutlet({ sendMail: () => Promise.reject(error) }, 'shop@example.com');
  return outlet.send(envelope).catch((thrown: unknown) => thrown);
}

const failed = (message: string, properties: object) => Object.assign(new Error(message), properties);

it('hands over the whole message with the sender, and gives back what the provider calls it', async () => {
  const sendMail = jest.fn(async () => ({ messageId: '<9@provider>' }));

  const messageId = await mailOutlet({ sendMail }, 'shop@example.com').send(envelope);

  expect(messageId).toBe('<9@provider>');
  expect(sendMail).toHaveBeenCalledWith({ ...envelope, from: 'shop@example.com' });
});

it.each([
  ['550 at RCPT TO', { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550 }],
  ['554 to the DATA command', { code: 'EENVELOPE', command: 'DATA', responseCode: 554 }],
  ['552 to the message', { code: 'EMESSAGE', command: 'DATA', responseCode: 552 }],
  ['MessageRejected of SES', { name: 'MessageRejected', code: 'ESES' }],
])('%s is a refusal of this message', async (_case, properties) => {
  expect(await failure(failed('no', properties))).toEqual(new RefusedError('no'));
});

it.each([
  ['451 at RCPT TO', { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 451 }],
  ['421 to the message', { code: 'EMESSAGE', command: 'DATA', responseCode: 421 }],
  ['a refused sender', { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 550 }],
  ['a failed login', { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 }],
  ['a greeting of 554', { code: 'ECONNECTION', command: 'CONN', responseCode: 554 }],
  ['a refused connection', { code: 'ECONNECTION', originalCode: 'ECONNREFUSED' }],
  ['an envelope that never reached the server', { code: 'EENVELOPE', command: 'API' }],
  ['throttling of SES', { name: 'TooManyRequestsException', code: 'ESES' }],
])('%s may work later and is thrown as it is', async (_case, properties) => {
  const error = failed('later', properties);

  expect(await failure(error)).toBe(error);
});

it('what is no error is thrown as it is', async () => {
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
])('the reason is one line that an event can carry: %#', async (answer, reason) => {
  const error = await failure(failed(answer, { name: 'MessageRejected' }));

  expect(error).toEqual(new RefusedError(reason));
  expect(parse(Reason, error instanceof Error ? error.message : undefined)).toMatchObject({ ok: true });
});

it('a server that never comes to an end is given up in time, and the message may be sent again', async () => {
  const outlet = mailOutlet({ sendMail: () => new Promise(() => undefined) }, 'shop@example.com', 20);

  const error = await outlet.send(envelope).catch((thrown: unknown) => thrown);

  expect(error).toEqual(new Error('The mail server has not taken the message within 20 ms'));
});

it('a mail may take less time than its function', () => {
  const consumer = readFileSync(resolve(__dirname, '../../../shared/serverless/consumer.yml'), 'utf8');
  const { timeout } = parseYaml(consumer, { logLevel: 'silent' });

  expect(longestSendMs).toBeLessThan(timeout * 1000);
});

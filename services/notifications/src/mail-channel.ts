import { setTimeout } from 'node:timers/promises';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { parse, Reason } from '@orderly/contracts';
import { clientConfig } from '@orderly/lambda/aws-client';
import { maskAddresses } from '@orderly/lambda/mask';
import { createTransport } from 'nodemailer';
import { type Envelope, type Outlet, RefusedError } from './channel.ts';

/** In milliseconds, for each answer of the server. */
const timeouts = { connectionTimeout: 3_000, greetingTimeout: 3_000, socketTimeout: 5_000 };

/** For a mail in all, in milliseconds: a server that takes its time over each answer would outlast the function. */
export const longestSendMs = 10_000;

/**
 * Mail through any SMTP server.
 *
 * @param url `smtp://user:password@host:587`, or `smtps://` for TLS from the start
 */
export function smtpOutlet(url: string, from: string): Outlet {
  return mailOutlet(createTransport({ url, ...timeouts }), from);
}

/** Mail through Amazon SES, in the function's own account and region. */
export function sesOutlet(from: string): Outlet {
  const sesClient = new SESv2Client({
    ...clientConfig,
    // SendEmail has no idempotency token: each try after an answer that was late is one more copy of the mail.
    maxAttempts: 1,
    requestHandler: { ...clientConfig.requestHandler, requestTimeout: timeouts.socketTimeout },
  });
  return mailOutlet(createTransport({ SES: { sesClient, SendEmailCommand } }), from);
}

/** The part of a nodemailer transport that is used. */
export interface Transport {
  sendMail(mail: Envelope & { readonly from: string }): Promise<{ readonly messageId: string }>;
}

/** Mail through a transport; what it says of a failure decides whether the message is refused for good. */
export function mailOutlet(transport: Transport, from: string, limitMs = longestSendMs): Outlet {
  return {
    async send(envelope) {
      const done = new AbortController();
      const late = setTimeout(limitMs, undefined, { signal: done.signal }).then(() => {
        throw new Error(`The mail server has not taken the message within ${limitMs} ms`);
      });
      try {
        const { messageId } = await Promise.race([transport.sendMail({ ...envelope, from }), late]);
        return messageId;
      } catch (error) {
        throw isRefusal(error) ? new RefusedError(reasonOf(error)) : error;
      } finally {
        done.abort();
      }
    },
  };
}

/**
 * A refusal of this very message: SMTP's 5xx to the envelope or the message (RFC 5321, section 4.2.1), SES's
 * MessageRejected. A server that does not know us (a failed login, a refused sender) is our mistake, and may
 * work later.
 */
function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error.name === 'MessageRejected') return true;
  const { code, command, responseCode } = error as Error & Partial<Record<string, unknown>>;
  const aboutThis = (code === 'EENVELOPE' && command !== 'MAIL FROM') || code === 'EMESSAGE';
  return aboutThis && typeof responseCode === 'number' && responseCode >= 500;
}

/** As an event's reason: one line of at most 500 characters, without the address that servers like to quote. */
function reasonOf({ message }: Error): string {
  const reason = maskAddresses(message)
    .slice(0, 500)
    // After the cut, which may leave half of a surrogate pair.
    .replace(/[\p{Cc}\p{Cs}\p{Cf}]+/gu, ' ')
    .trim();
  return parse(Reason, reason).ok ? reason : 'refused';
}

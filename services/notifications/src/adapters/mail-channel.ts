import { setTimeout } from 'node:timers/promises';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { parse, Reason } from '@orderly/contracts';
import { clientConfig } from '@orderly/functions/aws/client-config';
import { traced } from '@orderly/functions/aws/traced';
import { maskAddresses } from '@orderly/functions/observability/mask';
import { inClientSpan } from '@orderly/functions/observability/span';
import { backOff } from '@orderly/functions/retry';
import type { Secret } from '@orderly/functions/secret';
import { createTransport } from 'nodemailer';
import { type Envelope, type Outlet, RefusedError } from '../domain/channel.ts';
import { isFailedLogin, isRefusal, isThrottled } from './refusal.ts';

/** In milliseconds, for each answer of the server. */
const timeouts = { connectionTimeout: 3_000, greetingTimeout: 3_000, socketTimeout: 5_000 };

/** For all of a mail, in milliseconds: a server that is slow with each answer would outlast the function. */
export const longestSendMs = 10_000;

/**
 * Mail through any SMTP server.
 *
 * @param url gives `smtp://user:password@host:587`, or `smtps://` for TLS from the start; asked again after a login that failed
 */
export function smtpOutlet(url: Secret, from: string): Outlet {
  let transport: Promise<Transport> | undefined;
  const open = async (): Promise<Transport> => {
    const server = await url.read();
    const smtp = createTransport({ url: server, ...timeouts });
    const attributes = { 'server.address': hostOf(server) };
    return { sendMail: (mail) => inClientSpan('SMTP send', attributes, () => smtp.sendMail(mail)) };
  };
  const sendMail: Transport['sendMail'] = async (mail) => {
    transport ??= open();
    try {
      return await (await transport).sendMail(mail);
    } catch (error) {
      if (isFailedLogin(error)) url.discard();
      transport = undefined;
      throw error;
    }
  };
  return mailOutlet({ sendMail }, from);
}

/** The host in `smtp://user:password@host:587`, and nothing of the password, which may contain anything. */
const hostOf = (url: string): string | undefined => /[@/]([\w.-]+)(:\d+)?\/?$/.exec(url)?.[1];

/** Mail through Amazon SES, in the function's own account and region. */
export function sesOutlet(from: string): Outlet {
  const client = new SESv2Client({
    ...clientConfig,
    // SendEmail has no idempotency token: a retry after a late answer sends one more copy of the mail.
    maxAttempts: 1,
    requestHandler: { ...clientConfig.requestHandler, requestTimeout: timeouts.socketTimeout },
  });
  return mailOutlet(createTransport({ SES: { sesClient: traced(client), SendEmailCommand } }), from);
}

/** The part of a nodemailer transport that is used. */
export interface Transport {
  sendMail(mail: Envelope & { readonly from: string }): Promise<{ readonly messageId: string }>;
}

/** How fast mail is sent; tests are faster. */
export interface Pace {
  /** For one attempt, in milliseconds. */
  readonly limitMs: number;
  /** Of the pauses between attempts, in milliseconds; as in `backOff`. */
  readonly base: number;
  readonly cap: number;
}

const usualPace: Pace = { limitMs: longestSendMs, base: 200, cap: 2_000 };

/**
 * Mail through a transport, whose error decides whether the message is refused for good. While the provider throttles,
 * the message is tried again for as long as there is time: giving it back to the queue costs one of its receives, and a
 * minute and a half.
 */
export function mailOutlet(transport: Transport, from: string, pace: Pace = usualPace): Outlet {
  return {
    async send(envelope, remainingMs) {
      for (let attempt = 0; ; attempt++) {
        if (remainingMs() < pace.limitMs) {
          throw new Error(`Less than ${pace.limitMs} ms are left, which a message may take`);
        }
        try {
          const { messageId } = await inTime(transport.sendMail({ ...envelope, from }), pace.limitMs);
          return messageId;
        } catch (error) {
          if (isRefusal(error)) throw new RefusedError(reasonOf(error));
          if (!isThrottled(error) || remainingMs() < pace.limitMs + pace.base) throw error;
          await backOff(attempt, pace);
        }
      }
    },
  };
}

async function inTime<T>(sending: Promise<T>, limitMs: number): Promise<T> {
  const done = new AbortController();
  const late = setTimeout(limitMs, undefined, { signal: done.signal }).then(() => {
    throw new Error(`The mail server has not taken the message within ${limitMs} ms`);
  });
  try {
    return await Promise.race([sending, late]);
  } finally {
    done.abort();
  }
}

/** As an event's reason: one line of at most 500 characters, without the address that servers like to quote. */
function reasonOf({ message }: Error): string {
  const reason = maskAddresses(message)
    .slice(0, 500)
    // After the cut, which may leave half of a surrogate pair.
    .replace(/[\p{Cc}\p{Cs}\p{Cf}]+/gu, ' ')
    .trim();
  return parse(Reason, reason).outcome === 'valid' ? reason : 'refused';
}

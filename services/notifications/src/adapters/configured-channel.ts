import { Channel, parse } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { knownSecret, parameterSecret, type Secret } from '@orderly/functions/secret';
import * as v from 'valibot';
import type { Outlet } from '../domain/channel.ts';
import { logOutlet } from './log-channel.ts';
import { sesOutlet, smtpOutlet } from './mail-channel.ts';

/**
 * The channel that the stage is configured for. Only its settings are required.
 *
 * @throws EnvironmentError at load for a setting that is missing or wrong
 */
export function openChannel(): { readonly channel: Channel; readonly outlet: Outlet } {
  const { CHANNEL: channel } = environment({ CHANNEL: Channel });
  switch (channel) {
    case 'log':
      return { channel, outlet: logOutlet };
    case 'ses':
      return { channel, outlet: sesOutlet(environment({ MAIL_FROM: text }).MAIL_FROM) };
    case 'smtp': {
      const { MAIL_FROM } = environment({ MAIL_FROM: text });
      return { channel, outlet: smtpOutlet(smtpUrl(), MAIL_FROM) };
    }
  }
}

const SmtpUrl = v.pipe(
  v.string('is missing'),
  v.regex(/^smtps?:\/\/\S+$/, 'is not an smtp:// or smtps:// URL'),
);

/**
 * The URL of the mail server, with its password, from the parameter that SMTP_URL_PARAMETER names. Only the local platform
 * sets SMTP_URL instead.
 */
function smtpUrl(): Secret {
  const { SMTP_URL: known } = environment({ SMTP_URL: v.optional(SmtpUrl) });
  if (known !== undefined) return knownSecret(known);
  const { SMTP_URL_PARAMETER: name } = environment({ SMTP_URL_PARAMETER: text });
  const secret = parameterSecret(name);
  return {
    ...secret,
    async read() {
      const url = parse(SmtpUrl, await secret.read());
      if (url.outcome === 'valid') return url.value;
      secret.discard();
      throw new Error(`The parameter ${name} is not an smtp:// or smtps:// URL`);
    },
  };
}

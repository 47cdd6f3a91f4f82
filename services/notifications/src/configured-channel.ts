import { Channel } from '@orderly/contracts';
import { environment, text } from '@orderly/lambda/env';
import * as v from 'valibot';
import type { Outlet } from './channel.ts';
import { logOutlet } from './log-channel.ts';
import { sesOutlet, smtpOutlet } from './mail-channel.ts';

const smtpUrl = v.pipe(
  v.string('is missing'),
  v.regex(/^smtps?:\/\/\S+$/, 'is not an smtp:// or smtps:// URL'),
);

/**
 * The channel that the stage is configured for. Only the settings of that one have to be there.
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
      const { SMTP_URL, MAIL_FROM } = environment({ SMTP_URL: smtpUrl, MAIL_FROM: text });
      return { channel, outlet: smtpOutlet(SMTP_URL, MAIL_FROM) };
    }
  }
}

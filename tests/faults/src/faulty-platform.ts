import { join } from 'node:path';
import type { Intercept } from '@orderly/local/aws-proxy';
import { Mailboxes } from '@orderly/support/mailbox';
import { REFUSED_DOMAIN } from '@orderly/support/plan';
import { type OwnPlatform, startOwnPlatform } from '@orderly/support/platform';

/** Seconds; short, so that what failed comes again soon. */
export const VISIBILITY_SECONDS = 8;

/** The whole local platform with something between it and the emulators, and mailboxes for its customers. */
export interface FaultyPlatform extends OwnPlatform {
  readonly mail: Mailboxes;
  /** What stands between from now on; nothing, where it is undefined. */
  between(intercept: Intercept | undefined): void;
}

/**
 * @param log gets every line that the platform prints
 * @param root the checkout whose platform is started; this one by default
 * @param env settings of the local platform, see tools/local/README.md
 */
export async function startFaultyPlatform({
  stage = `faults${process.pid}`,
  env = {},
  ...options
}: {
  readonly log: (line: string) => void;
  readonly stage?: string;
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<FaultyPlatform> {
  const mail = new Mailboxes();
  mail.answers.rcptTo = (address) => (address.endsWith(`@${REFUSED_DOMAIN}`) ? 550 : undefined);
  const smtpUrl = await mail.open();
  let current: Intercept | undefined;
  const intercept: Intercept = (call, forward) => (current ? current(call, forward) : forward());
  const platform = await startOwnPlatform({
    stage,
    ...options,
    between: { dynamodb: intercept, sqs: intercept },
    // What it records is tested elsewhere, and would only take time here.
    console: false,
    env: {
      ORDERLY_TRACE_SPANS: 'false',
      ORDERLY_VISIBILITY_TIMEOUT: String(VISIBILITY_SECONDS),
      ORDERLY_CHANNEL: 'smtp',
      ORDERLY_MAIL_FROM: 'shop@example.com',
      ORDERLY_SMTP_URL: smtpUrl,
      NODE_OPTIONS: `--require ${join(__dirname, 'function-hook.cjs')}`,
      ...env,
    },
  }).catch(async (error) => {
    await mail.close();
    throw error;
  });
  return {
    ...platform,
    mail,
    between(intercept) {
      current = intercept;
    },
    async stop() {
      await platform.stop();
      await mail.close();
    },
  };
}

import { join } from 'node:path';
import type { Intercept } from '@orderly/local/aws-proxy';
import { Mailboxes } from '@orderly/support/mailbox';
import { REFUSED_DOMAIN } from '@orderly/support/plan';
import { type OwnPlatform, startOwnPlatform } from '@orderly/support/platform';

/** Seconds; short, so that what failed comes again soon. */
export const VISIBILITY_SECONDS = 8;

/** Longer than the lease of a worker that was killed, as in the template: a wake-up that comes sooner ends at the lease. */
const WAKE_UP_VISIBILITY_SECONDS = 35;

/** Has wake-ups come again as they do on AWS, since the platform sets every queue alike. */
export async function spareWakeUps({ queues }: Pick<OwnPlatform, 'queues'>): Promise<void> {
  const url = await queues.url('webhooks--deliveries');
  await queues.change(url, { VisibilityTimeout: String(WAKE_UP_VISIBILITY_SECONDS) });
}

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
      // One batch of wake-ups that has the slow endpoint in it must not be half of all that run at once.
      ORDERLY_CONCURRENCY: '5',
      ORDERLY_CHANNEL: 'smtp',
      ORDERLY_MAIL_FROM: 'shop@example.com',
      ORDERLY_SMTP_URL: smtpUrl,
      // Enough for an endpoint that fails half of its requests.
      ORDERLY_WEBHOOK_RETRY_SECONDS: '1 1 2 2 3 3 5 5 5 5 5 5 5 5 5 5',
      NODE_OPTIONS: `--require ${join(__dirname, 'function-hook.cjs')}`,
      ...env,
    },
  }).catch(async (error) => {
    await mail.close();
    throw error;
  });
  await spareWakeUps(platform);
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

import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type AwsProxy, type Intercept, startAwsProxy } from '@orderly/local/aws-proxy';
import { type RunningPlatform, startPlatform } from '@orderly/local/platform';
import { freeServicePorts, repositoryRoot } from '@orderly/local/ports';
import { startTestEmulators } from '@orderly/local/testing';
import { MailServer } from './mail-server.ts';

/** Seconds; short, so that what failed comes again soon. */
export const VISIBILITY_SECONDS = 8;

/** The whole local platform with something between it and the emulators, and mailboxes for its customers. */
export interface FaultyPlatform {
  readonly stage: string;
  readonly record: RunningPlatform;
  /** The environment that its processes were started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Straight to the emulators: whoever looks for the truth meets no fault. */
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly mail: MailServer;
  /** What stands between from now on; nothing, where it is undefined. */
  between(intercept: Intercept | undefined): void;
  stop(): Promise<void>;
}

/**
 * @param log gets every line that the platform prints
 * @param root the checkout whose platform is started; this one by default
 * @param env settings of the local platform, see tools/local/README.md
 */
export async function startFaultyPlatform({
  log,
  root = repositoryRoot,
  env: more = {},
}: {
  readonly log: (line: string) => void;
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<FaultyPlatform> {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const emulators = await startTestEmulators();
    stops.push(emulators.stop);
    const mail = new MailServer();
    const smtpUrl = await mail.open();
    stops.push(() => mail.close());
    let between: Intercept | undefined;
    const proxy = async (target: string): Promise<AwsProxy> => {
      const started = await startAwsProxy(target, (call, forward) => (between ?? passing)(call, forward));
      stops.push(started.close);
      return started;
    };
    const env = {
      ...(await freeServicePorts()),
      ORDERLY_STAGE: `faults${process.pid}`,
      ORDERLY_DYNAMODB_ENDPOINT: (await proxy(emulators.dynamodb)).url,
      ORDERLY_SQS_ENDPOINT: (await proxy(emulators.sqs)).url,
      ORDERLY_VISIBILITY_TIMEOUT: String(VISIBILITY_SECONDS),
      ORDERLY_CHANNEL: 'smtp',
      ORDERLY_MAIL_FROM: 'shop@example.com',
      ORDERLY_SMTP_URL: smtpUrl,
      NODE_OPTIONS: `--require ${join(__dirname, 'function-hook.cjs')}`,
      ...more,
    };
    const record = await startPlatform({ env, log, root });
    stops.push(record.stop);
    const common = { region: record.region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    return {
      stage: env.ORDERLY_STAGE,
      record,
      env,
      dynamodb: new DynamoDBClient({ ...common, endpoint: emulators.dynamodb }),
      sqs: new SQSClient({ ...common, endpoint: emulators.sqs }),
      mail,
      between(intercept) {
        between = intercept;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const passing: Intercept = (_call, forward) => forward();

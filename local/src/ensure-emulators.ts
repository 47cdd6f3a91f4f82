import { setTimeout as delay } from 'node:timers/promises';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { type Emulators, startEmulators } from './emulators.ts';
import { assertFree } from './ports.ts';
import { type Clients, type EmulatorSetting, type LocalSettings, localClients } from './settings.ts';

/** What is not there refuses at once; one that is busy answers late. */
const PROBE_LIMIT_MS = 10_000;
/** Another service that was started at the same moment may be starting the emulators now. */
const OTHER_STARTS_MS = 5_000;

const answers = async (probe: (signal: AbortSignal) => Promise<unknown>): Promise<boolean> => {
  try {
    await probe(AbortSignal.timeout(PROBE_LIMIT_MS));
    return true;
  } catch {
    return false;
  }
};

interface Answering {
  readonly dynamodb: boolean;
  readonly sqs: boolean;
}

const probe = async ({ dynamodb, sqs }: Clients): Promise<Answering> => ({
  dynamodb: await answers((abortSignal) =>
    dynamodb.send(new ListTablesCommand({ Limit: 1 }), { abortSignal }),
  ),
  sqs: await answers((abortSignal) => sqs.send(new ListQueuesCommand({ MaxResults: 1 }), { abortSignal })),
});

const assertReachable = (name: string, variable: string, setting: EmulatorSetting, up: boolean): void => {
  if (up || setting.own) return;
  throw new Error(`${name} does not answer at ${setting.endpoint} (${variable}).`);
};

const startMissing = async ({ dynamodb, sqs }: LocalSettings, up: Answering) => {
  const missing = {
    dynamodb: up.dynamodb ? undefined : dynamodb.own,
    sqs: up.sqs ? undefined : sqs.own,
  };
  await assertFree([missing.dynamodb, missing.sqs].filter((use) => use !== undefined));
  return startEmulators({ dynamodb: missing.dynamodb?.port, sqs: missing.sqs?.port });
};

/**
 * Starts DynamoDB and SQS unless they answer already.
 * @returns how to stop what was started here, and only that, and when that ended by itself
 * @throws Error when a given endpoint does not answer, a port is taken by something else, or Java is missing
 */
export const ensureEmulators = async (
  settings: LocalSettings,
  region: string,
): Promise<Pick<Emulators, 'stop' | 'ended'>> => {
  const clients = localClients({ dynamodb: settings.dynamodb.endpoint, sqs: settings.sqs.endpoint }, region);
  const deadline = Date.now() + OTHER_STARTS_MS;
  for (;;) {
    const up = await probe(clients);
    if (up.dynamodb && up.sqs)
      return { stop: async () => undefined, ended: new Promise<void>(() => undefined) };
    assertReachable('DynamoDB', 'ORDERLY_DYNAMODB_ENDPOINT', settings.dynamodb, up.dynamodb);
    assertReachable('SQS', 'ORDERLY_SQS_ENDPOINT', settings.sqs, up.sqs);
    try {
      return await startMissing(settings, up);
    } catch (error) {
      if (Date.now() > deadline || !/is taken/.test(String(error))) throw error;
      await delay(250);
    }
  }
};

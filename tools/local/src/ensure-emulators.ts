import { setTimeout as delay } from 'node:timers/promises';
import type { AwsCall } from '../../aws/call.ts';
import { connect, type Endpoints } from '../../aws/protocol/client.ts';
import type { EmulatorPorts, Emulators } from './emulators.ts';
import { assertFree } from './ports.ts';
import type { EmulatorSetting, LocalSettings } from './settings.ts';

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

const probe = async (call: AwsCall): Promise<Answering> => ({
  dynamodb: await answers((signal) => call('dynamodb', 'ListTables', { Limit: 1 }, signal)),
  sqs: await answers((signal) => call('sqs', 'ListQueues', {}, signal)),
});

const assertReachable = (name: string, variable: string, setting: EmulatorSetting, up: boolean): void => {
  if (up || setting.own) return;
  throw new Error(`${name} does not answer at ${setting.endpoint} (${variable}).`);
};

const startMissing = async ({ dynamodb, sqs }: LocalSettings, up: Answering, start: StartEmulators) => {
  const missing = {
    dynamodb: up.dynamodb ? undefined : dynamodb.own,
    sqs: up.sqs ? undefined : sqs.own,
  };
  await assertFree([missing.dynamodb, missing.sqs].filter((use) => use !== undefined));
  return start({ dynamodb: missing.dynamodb?.port, sqs: missing.sqs?.port });
};

export type StartEmulators = (ports: EmulatorPorts) => Promise<Pick<Emulators, 'stop' | 'ended'>>;

const NOTHING_STARTED: Pick<Emulators, 'stop' | 'ended'> = {
  stop: async () => undefined,
  ended: new Promise<void>(() => undefined),
};

/**
 * Starts DynamoDB and SQS unless they answer already.
 * @param start starts those that do not, in this process or in one of their own
 * @returns how to stop what was started here, and only that, and when that ended by itself
 * @throws Error when a given endpoint does not answer, or a port is taken by something else
 */
export const ensureEmulators = async (
  settings: LocalSettings,
  start: StartEmulators,
): Promise<Pick<Emulators, 'stop' | 'ended'>> => {
  const endpoints: Endpoints = { dynamodb: settings.dynamodb.endpoint, sqs: settings.sqs.endpoint };
  const { call, close } = connect(endpoints, settings.region);
  const deadline = Date.now() + OTHER_STARTS_MS;
  try {
    for (;;) {
      const up = await probe(call);
      if (up.dynamodb && up.sqs) return NOTHING_STARTED;
      assertReachable('DynamoDB', 'ORDERLY_DYNAMODB_ENDPOINT', settings.dynamodb, up.dynamodb);
      assertReachable('SQS', 'ORDERLY_SQS_ENDPOINT', settings.sqs, up.sqs);
      try {
        return await startMissing(settings, up, start);
      } catch (error) {
        if (Date.now() > deadline || !/is taken/.test(String(error))) throw error;
        await delay(250);
      }
    }
  } finally {
    close();
  }
};

import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Intercept, startAwsProxy } from '@orderly/local/aws-proxy';
import {
  findPlatform,
  type PlatformRecord,
  type RunningPlatform,
  startPlatform,
} from '@orderly/local/platform';
import { freePort, freeServicePorts } from '@orderly/local/ports';
import { localClients, startTestEmulators, type TestEmulators } from '@orderly/local/testing';
import { Queues } from './queues.ts';

// A note of the AWS SDK for its developers, once per process.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

type Env = Readonly<Record<string, string>>;

/** The settings of a platform that runs beside any other: a stage of its own, and ports that are free now. */
const ownSettings = async (stage: string): Promise<Env> => ({
  ...(await freeServicePorts()),
  ORDERLY_STAGE: stage,
  ORDERLY_DYNAMODB_PORT: String(await freePort()),
  ORDERLY_SQS_PORT: String(await freePort()),
  ORDERLY_AUTH_PORT: String(await freePort()),
});

/** The base URL of a service. @throws Error for one that the platform does not have */
export function urlOf(
  { stage, services }: Pick<PlatformRecord, 'stage'> & Services,
  service: string,
): string {
  const url = services[service]?.url;
  if (url === undefined) throw new Error(`The platform of stage ${stage} runs without ${service}`);
  return url;
}

interface Services {
  readonly services: Readonly<Record<string, { readonly url: string }>>;
}

/** Writes the lines that a platform prints to a file, which is begun anew; other processes may append to it. */
export function lineWriter(file: string): (line: string) => void {
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const stream = createWriteStream(file, { flags: 'a' });
  return (line) => stream.write(`${line}\n`);
}

export interface OwnPlatformOptions {
  readonly stage: string;
  /** Settings of the local platform, see tools/local/README.md. */
  readonly env?: Env;
  /** Gets every line that the platform prints. */
  readonly log?: (line: string) => void;
  /** Whether callers need tokens. */
  readonly auth?: boolean;
  /** On the libraries of another cloud than AWS: then nothing answers `dynamodb` and `queues`. */
  readonly cloud?: PlatformRecord['cloud'];
  /** Whether it serves its console; true by default. */
  readonly console?: boolean;
  /** The checkout whose platform is started; this one by default. */
  readonly root?: string;
  /** What stands between the platform and its emulators. */
  readonly between?: { readonly dynamodb: Intercept; readonly sqs: Intercept };
  /** Emulators behind `between` that the caller stops; new ones by default. */
  readonly emulators?: TestEmulators;
}

/** A platform that was started for tests, and how to see what it does. */
export interface OwnPlatform {
  readonly stage: string;
  readonly record: RunningPlatform;
  /** The settings that it was started with. */
  readonly env: Env;
  /** These clients go straight to the emulators, past what stands between. */
  readonly dynamodb: DynamoDBClient;
  readonly queues: Queues;
  stop(): Promise<void>;
}

/** Nothing listens at port 9 (discard). */
const nowhere = { dynamodb: 'http://127.0.0.1:9', sqs: 'http://127.0.0.1:9' };

/** Starts the whole local platform beside any that runs. @throws Error when it does not start */
export async function startOwnPlatform(options: OwnPlatformOptions): Promise<OwnPlatform> {
  const { stage, between, emulators, env: more, ...start } = options;
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const behind = between && (emulators ?? (await startTestEmulators()));
    if (behind && !emulators) stops.push(behind.stop);
    const proxy = async (target: string, intercept: Intercept): Promise<string> => {
      const { url, close } = await startAwsProxy(target, intercept);
      stops.push(close);
      return url;
    };
    const env = {
      ...(await ownSettings(stage)),
      ...(between &&
        behind && {
          ORDERLY_DYNAMODB_ENDPOINT: await proxy(behind.dynamodb, between.dynamodb),
          ORDERLY_SQS_ENDPOINT: await proxy(behind.sqs, between.sqs),
        }),
      ...more,
    };
    const record = await startPlatform({ env, ...start });
    stops.push(record.stop);
    const endpoints = start.cloud === undefined ? (behind ?? record) : nowhere;
    const { dynamodb, sqs } = localClients(endpoints, record.region);
    stops.push(
      () => dynamodb.destroy(),
      () => sqs.destroy(),
    );
    return { stage: record.stage, record, env, dynamodb, queues: new Queues(sqs, record.stage), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface Lease {
  readonly record: PlatformRecord;
  /** Whether this run started it. */
  readonly startedHere: boolean;
  /** Stops the platform if this run started it. */
  release(): Promise<void>;
}

interface LeaseOptions {
  readonly log: (line: string) => void;
  /** Gets what a platform that is started prints. */
  readonly logFile: string;
  readonly find?: typeof findPlatform;
  readonly start?: typeof startPlatform;
}

/** Uses the platform of a stage that runs on this machine, or starts one that ends with the run. */
export async function findOrStartPlatform(
  stage: string,
  { log, logFile, find = findPlatform, start = startPlatform }: LeaseOptions,
): Promise<Lease> {
  const running = find(stage);
  if (running) {
    log(`Using the platform that is running (orders at ${urlOf(running, 'orders')}).`);
    return { record: running, startedHere: false, release: async () => undefined };
  }
  log(`No platform is running: starting one. Its log is ${logFile}.`);
  const started = await start({ env: { ORDERLY_STAGE: stage }, log: lineWriter(logFile) });
  return {
    record: started,
    startedHere: true,
    release: async () => {
      log('Stopping the platform that was started for this run.');
      await started.stop();
    },
  };
}

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isAlive } from './is-alive.ts';
import { repositoryRoot } from './services.ts';

export interface ServiceRecord {
  readonly url: string;
  /** Process id of the service's own process. */
  readonly pid: number;
  readonly lambdaUrl: string;
}

/** How clients reach the broker of another cloud than AWS. */
export type CloudBroker =
  | {
      readonly cloud: 'azure';
      /** Of Service Bus, for `@azure/service-bus`. */
      readonly connectionString: string;
      /** For senders over HTTP, and for those who manage subscriptions, e.g. `http://127.0.0.1:9672`. */
      readonly restEndpoint: string;
    }
  | {
      readonly cloud: 'google';
      /** What PUBSUB_EMULATOR_HOST names, for Google's own clients, e.g. `127.0.0.1:8085`. */
      readonly address: string;
      /** Of Pub/Sub's REST API. */
      readonly restEndpoint: string;
      /** The id of the project that topics and subscriptions are in. */
      readonly project: string;
    };

/** The record of a running platform in `.orderly/<stage>.json`. */
export interface PlatformRecord {
  /** Process id of `npm start`'s own Node process. */
  readonly pid: number;
  readonly stage: string;
  readonly region: string;
  /** On whose libraries it runs, where that is not AWS. */
  readonly cloud?: 'azure' | 'google';
  /** Present on another cloud than AWS. */
  readonly broker?: CloudBroker;
  /** The URL of each service's PostgreSQL, with a user and a password, on another cloud than AWS. */
  readonly databases?: Readonly<Record<string, string>>;
  /** Endpoint of DynamoDB; empty on another cloud. */
  readonly dynamodb: string;
  /** Endpoint of SQS; empty on another cloud. */
  readonly sqs: string;
  /** The issuer of the tokens that its services need; absent where they are open. */
  readonly issuer?: string;
  /** URL of its console; absent when it was started without one. */
  readonly console?: string;
  readonly services: Readonly<Record<string, ServiceRecord>>;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const stateFolder = join(repositoryRoot, '.orderly');
export const checkpointFolder = join(stateFolder, 'checkpoints');

const recordFile = (stage: string): string => join(stateFolder, `${stage}.json`);

/**
 * The platform that runs for a stage, from this checkout.
 * @returns undefined when none does; a record left behind by a process that is gone does not count
 */
export const findPlatform = (stage = 'dev'): PlatformRecord | undefined => {
  try {
    const record = JSON.parse(readFileSync(recordFile(stage), 'utf8')) as PlatformRecord;
    return isAlive(record.pid) ? record : undefined;
  } catch {
    return undefined;
  }
};

/** The stages for which a platform runs from this checkout, by name. */
export const runningStages = (): readonly string[] => {
  const files = existsSync(stateFolder) ? readdirSync(stateFolder) : [];
  const stages = files.flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []));
  return stages.filter((stage) => findPlatform(stage) !== undefined).sort();
};

export const writePlatform = (record: PlatformRecord): void => {
  const file = recordFile(record.stage);
  mkdirSync(dirname(file), { recursive: true });
  // URLs of databases hold a password.
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
};

/** Removes the record, if it is this process's own. */
export const removePlatform = (stage: string): void => {
  if (findPlatform(stage)?.pid === process.pid) rmSync(recordFile(stage), { force: true });
};

/** A service that was started by hand joins the record of the running platform, if there is one. */
export const joinPlatform = (
  stage: string,
  name: string,
  service: ServiceRecord,
): PlatformRecord | undefined => {
  const record = findPlatform(stage);
  if (record) writePlatform({ ...record, services: { ...record.services, [name]: service } });
  return record;
};

/** Removes checkpoints that no stream can need any more: a stream keeps its records for 24 hours. */
export const pruneCheckpoints = (now = Date.now()): void => {
  mkdirSync(checkpointFolder, { recursive: true });
  for (const name of readdirSync(checkpointFolder)) {
    const file = join(checkpointFolder, name);
    const modified = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (now - modified > DAY_MS) rmSync(file, { force: true });
  }
};

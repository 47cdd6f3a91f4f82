import { dynamodbPort, type Env, host, type PortUse, sqsPort } from './ports.ts';

/** Where an emulator answers: at an endpoint that was given, or on a port where we may start it. */
export interface EmulatorSetting {
  readonly endpoint: string;
  /** Set when we may start it ourselves. */
  readonly own?: PortUse;
}

/** Our own, or AWS's DynamoDB Local, to compare. */
export type DynamodbEngine = 'embedded' | 'dynamodb-local';

export interface LocalSettings {
  readonly stage: string;
  readonly dynamodb: EmulatorSetting;
  readonly sqs: EmulatorSetting;
  /** That of the shell, or serverless.yml's own default. */
  readonly region: string;
  /** What serves DynamoDB where no endpoint is given. */
  readonly engine: DynamodbEngine;
  /** Seconds, instead of every queue's own. */
  readonly visibilityTimeout?: number;
  /** How many batches of one queue a function works on at a time, at most. */
  readonly concurrency: number;
}

const MAXIMUM_VISIBILITY_SECONDS = 43_200;

const readEndpoint = (env: Env, name: string): string | undefined => {
  const text = env[name]?.trim();
  if (!text) return undefined;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new Error(`${name} must be a URL such as http://127.0.0.1:8000, but is "${text}".`);
  }
  return text.replace(/\/+$/, '');
};

const emulator = (env: Env, name: string, port: () => PortUse): EmulatorSetting => {
  const endpoint = readEndpoint(env, name);
  if (endpoint !== undefined) return { endpoint };
  const own = port();
  return { endpoint: `http://${host}:${own.port}`, own };
};

const readInteger = (
  env: Env,
  name: string,
  { from, to, what }: { readonly from: number; readonly to: number; readonly what: string },
): number | undefined => {
  const text = env[name]?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new Error(`${name} must be ${what} from ${from} to ${to}, but is "${text}".`);
};

const readVisibilityTimeout = (env: Env): { visibilityTimeout?: number } => {
  const limits = { from: 1, to: MAXIMUM_VISIBILITY_SECONDS, what: 'whole seconds' };
  const visibilityTimeout = readInteger(env, 'ORDERLY_VISIBILITY_TIMEOUT', limits);
  return visibilityTimeout === undefined ? {} : { visibilityTimeout };
};

/** AWS scales with the backlog up to 1,000 and more; on one machine more than the minimum of AWS only costs memory. */
const readConcurrency = (env: Env): number =>
  readInteger(env, 'ORDERLY_CONCURRENCY', { from: 1, to: 100, what: 'a number of batches' }) ?? 2;

const readEngine = (env: Env): DynamodbEngine => {
  const text = env.ORDERLY_DYNAMODB?.trim() || 'embedded';
  if (text === 'embedded' || text === 'dynamodb-local') return text;
  throw new Error(`ORDERLY_DYNAMODB must be embedded or dynamodb-local, but is "${text}".`);
};

const readRegion = (env: Env): string => env.AWS_REGION?.trim() || 'eu-central-1';

const readStage = (env: Env): string => {
  const stage = env.ORDERLY_STAGE?.trim() || 'dev';
  if (/^[a-zA-Z][a-zA-Z0-9-]{0,19}$/.test(stage)) return stage;
  throw new Error(
    `ORDERLY_STAGE must be a letter and up to 19 letters, digits or hyphens, but is "${stage}".`,
  );
};

/**
 * Reads and checks every setting of the local platform but the ports of services.
 * @throws Error that names the variable
 */
export const readSettings = (env: Env): LocalSettings => ({
  stage: readStage(env),
  dynamodb: emulator(env, 'ORDERLY_DYNAMODB_ENDPOINT', () => dynamodbPort(env)),
  sqs: emulator(env, 'ORDERLY_SQS_ENDPOINT', () => sqsPort(env)),
  region: readRegion(env),
  engine: readEngine(env),
  ...readVisibilityTimeout(env),
  concurrency: readConcurrency(env),
});

/** Credentials for emulators: never real ones, whatever the environment holds. */
export const dummyCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

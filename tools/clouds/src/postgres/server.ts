import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, openSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort, host } from '@orderly/local/ports';
import { type Account, isOpenToAll, otherAccount } from './account.ts';
import { type Binaries, postgresBinaries } from './binaries.ts';
import { createDatabase, dropDatabase, inDatabase } from './databases.ts';
import { stopWith } from './stop-with.ts';

export { inDatabase };

export interface PostgresOptions {
  /** Keeps the databases; by default they are in a temporary folder, and removed at the end. */
  readonly dataDir?: string;
  /** By default one that is free. */
  readonly port?: number;
}

export interface PostgresServer {
  /** Of the database `postgres`, with the password. */
  readonly url: string;
  /** Creates a database unless it is there. @returns its URL */
  createDatabase(name: string): Promise<string>;
  /** Removes a database, also while it is used. */
  dropDatabase(name: string): Promise<void>;
  /** Repeating it does nothing. */
  stop(): Promise<void>;
}

/**
 * A PostgreSQL on 127.0.0.1 with a random password, or the one at `ORDERLY_POSTGRES_URL`, which nobody stops. For
 * development and tests: a power failure may destroy its data. It ends with this process, even where that is killed.
 *
 * @throws Error with the server's log when it does not start
 */
export async function startPostgres({ dataDir, port }: PostgresOptions = {}): Promise<PostgresServer> {
  const existing = process.env.ORDERLY_POSTGRES_URL;
  return existing ? serverAt(existing, async () => undefined) : startOwn(dataDir, port ?? (await freePort()));
}

const serverAt = (url: string, stop: () => Promise<void>): PostgresServer => ({
  url,
  createDatabase: (name) => createDatabase(url, name),
  dropDatabase: (name) => dropDatabase(url, name),
  stop,
});

async function startOwn(dataDir: string | undefined, port: number): Promise<PostgresServer> {
  const account = otherAccount();
  const folder = await mkdtemp(join(tmpdir(), 'orderly-postgres-'));
  try {
    await ownedBy(account, folder);
    if (account !== undefined) await chmod(folder, 0o711);
    const binaries = await postgresBinaries(account && join(folder, 'native'));
    const data = dataDir ?? join(folder, 'data');
    const password = await initialized(binaries, data, account, folder);
    const url = `postgres://postgres:${password}@${host}:${port}/postgres`;
    const log = join(folder, 'log');
    const server = start(binaries, data, port, account, log);
    const release = stopWith(server, folder);
    const stop = async () => {
      if (server.exitCode === null && server.signalCode === null)
        await stopped(binaries, data, account, dataDir);
      release();
      await rm(folder, { recursive: true, force: true });
    };
    await untilReady(server, url, log).catch(async (error) => {
      await stop();
      throw error;
    });
    return serverAt(url, stop);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

const run = promisify(execFile);

const ownedBy = async (account: Account | undefined, path: string): Promise<void> => {
  if (account !== undefined) await chown(path, account.uid, account.gid);
};

/** @returns the password of the data's superuser `postgres` */
async function initialized(
  { initdb }: Binaries,
  data: string,
  account: Account | undefined,
  folder: string,
): Promise<string> {
  const kept = join(data, 'orderly-password');
  if (existsSync(kept)) return readFile(kept, 'utf8');
  await mkdir(data, { recursive: true, mode: 0o700 });
  await ownedBy(account, data);
  if (account !== undefined && !isOpenToAll(dirname(data))) {
    throw new Error(
      `PostgreSQL does not run as root, and others cannot reach ${data}: choose another folder`,
    );
  }
  const password = randomBytes(16).toString('hex');
  const file = join(folder, 'password');
  await writeFile(file, password, { mode: 0o600 });
  await ownedBy(account, file);
  const options = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  // As PostgreSQL's folder may not be readable by the present one's account.
  await run(initdb, ['-D', data, '-U', 'postgres', `--pwfile=${file}`, ...options], {
    ...account,
    cwd: folder,
  });
  await writeFile(kept, password, { mode: 0o600 });
  return password;
}

/** Nothing is synchronized to the disk, and a laptop has other work, too. */
const settings = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  shared_buffers: '16MB',
  max_connections: '100',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '128MB',
  min_wal_size: '32MB',
  max_parallel_workers: '0',
  max_logical_replication_workers: '0',
  jit: 'off',
  huge_pages: 'off',
  unix_socket_directories: '',
  listen_addresses: host,
};

function start(
  { postgres }: Binaries,
  data: string,
  port: number,
  account: Account | undefined,
  log: string,
): ChildProcess {
  const args = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const output = openSync(log, 'a');
  const server = spawn(postgres, ['-D', data, ...args], {
    ...account,
    cwd: dirname(log),
    stdio: ['ignore', output, output],
    // Ctrl-C is for those who use it: they still have to end.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  server.unref();
  return server;
}

const START_LIMIT_MS = 60_000;

async function untilReady(server: ChildProcess, url: string, log: string): Promise<void> {
  let failure: unknown;
  server.once('error', (error) => (failure = error));
  server.once('exit', (code, signal) => (failure = `it ended with ${code ?? signal}`));
  for (const deadline = Date.now() + START_LIMIT_MS; ; await delay(25)) {
    if (failure === undefined && Date.now() > deadline) failure = 'it took too long';
    if (failure !== undefined) {
      throw new Error(`PostgreSQL did not start: ${failure}\n${await readFile(log, 'utf8')}`);
    }
    const isReady = await inDatabase(url, () => Promise.resolve(true)).catch(() => false);
    if (isReady) return;
  }
}

async function stopped(
  { pgCtl }: Binaries,
  data: string,
  account: Account | undefined,
  kept: string | undefined,
): Promise<void> {
  const mode = kept === undefined ? 'immediate' : 'fast';
  await run(pgCtl, ['stop', '-D', data, '-m', mode, '-w'], { ...account, cwd: data });
}

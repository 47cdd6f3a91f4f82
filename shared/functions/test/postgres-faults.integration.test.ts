import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { migrate } from '@orderly/clouds/migrate';
import { inDatabase, type PostgresServer, startPostgres } from '@orderly/clouds/postgres';
import { Client } from 'pg';
import { inRequestContext } from '../src/observability/request-context.ts';
import { isThrottle, isTransient } from '../src/postgres/errors.ts';
import { TransactionConflictError } from '../src/retry.ts';
import { absent, atVersion } from '../src/table/condition.ts';
import type { Table } from '../src/table/types.ts';
import { type PostgresUnderTest, startPostgresUnderTest } from './postgres-under-test.ts';

interface Item {
  readonly pk: string;
  readonly version: number;
  readonly expiresAt?: number;
}

let postgres: PostgresUnderTest;
let name: string;
let table: Table<Item>;

beforeAll(async () => {
  postgres = await startPostgresUnderTest();
  const indexes = [{ name: 'by-owner', partition: 'owner', sort: 'at' }];
  name = await postgres.adapter.createTable({ sortKey: false, indexes });
  table = postgres.adapter.openTable(name);
});
afterAll(() => postgres.stop());

const item = (version = 1): Item => ({ pk: randomUUID(), version });
const failure = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error('It did not fail'),
    (error) => error,
  );

/** A server of its own, even where the other tests have one that is there already. */
async function startOwnServer(): Promise<PostgresServer> {
  const { ORDERLY_POSTGRES_URL: existing } = process.env;
  delete process.env.ORDERLY_POSTGRES_URL;
  const server = await startPostgres();
  if (existing !== undefined) process.env.ORDERLY_POSTGRES_URL = existing;
  return server;
}

/** A module of the adapter as a container loads it whose database is at this URL. */
async function loadModule<Module>(module: 'client' | 'table', url: string): Promise<Module> {
  process.env.DATABASE_URL = url;
  let loaded: Module | undefined;
  await jest.isolateModulesAsync(async () => {
    loaded = await import(`../src/postgres/${module}.ts`);
  });
  if (loaded === undefined) throw new Error(`${module}.ts was not loaded`);
  return loaded;
}
const loadAdapter = (url: string) => loadModule<typeof import('../src/postgres/table.ts')>('table', url);

const failureWith = async (url: string): Promise<Error> =>
  failure((await loadAdapter(url)).openTable('items').get({ pk: 'x' }));

/** Until a statement of this text is running in the database. */
async function untilWaiting(url: string, text: string): Promise<void> {
  const sql = 'SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND position($1 IN query) > 0';
  while ((await inDatabase(url, (client) => client.query(sql, [text]))).rows.length === 0) await delay(20);
}

describe('a lost connection', () => {
  it('is replaced', async () => {
    const one = item();
    await table.put(one, absent);

    postgres.proxy.cut();

    expect(await Promise.all([1, 2, 3].map(() => table.get({ pk: one.pk })))).toEqual([one, one, one]);
  });

  it.each(['loseAnswerToCommit', 'loseCommit'] as const)('during a commit does no harm: %s', async (lose) => {
    const [one, other] = [item(), item()];
    await table.put(one, absent);
    const plusOne = table.updating({ pk: one.pk }, { add: { version: 1 } }, atVersion(1));

    postgres.proxy[lose]();
    const result = await postgres.adapter.transact([plusOne, table.putting(other, absent)]);

    expect(result).toEqual({ outcome: 'committed' });
    expect(await table.get({ pk: one.pk })).toEqual({ ...one, version: 2 });
    expect(await table.get({ pk: other.pk })).toEqual(other);
  });

  it('during a commit that was refused stays a refusal', async () => {
    const one = item();
    await table.put(one, absent);

    postgres.proxy.loseAnswerToCommit();

    expect(await table.put({ ...one, version: 2 }, absent)).toEqual({ outcome: 'refused', current: one });
  });
});

it('a write is transient whose outcome nobody could say, and its repeat counts as written', async () => {
  const one = item();
  postgres.proxy.vanishDuringCommit();

  const error = await failure(table.put(one, absent));
  postgres.proxy.comeBack();

  expect(error.name).toBe('UnknownOutcomeError');
  expect(isTransient(error)).toBe(true);
  expect(await table.put(one, absent)).toEqual({ outcome: 'written' });
});

describe('conflicts that do not end', () => {
  const plusOne = (one: Item) => table.updating({ pk: one.pk }, { add: { version: 1 } }, atVersion(1));
  const one = item();
  beforeAll(async () => {
    await table.put(one, absent);
    await postgres.sql(`CREATE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'A conflict' USING ERRCODE = 'serialization_failure'; END $$`);
    await postgres.sql(`CREATE TRIGGER conflict BEFORE UPDATE ON "${name}" EXECUTE FUNCTION conflict()`);
  });
  afterAll(() => postgres.sql(`DROP TRIGGER conflict ON "${name}"`));

  it('end a transaction after 8 attempts', async () => {
    const error = await failure(postgres.adapter.transact([plusOne(one)]));

    expect(error).toEqual(new TransactionConflictError('Other transactions were in the way 8 times'));
    expect(isTransient(error)).toBe(true);
  });

  it('end a transaction when its time is over', async () => {
    const error = await failure(postgres.adapter.transact([plusOne(one)], { remainingMs: () => 999 }));

    expect(error).toEqual(
      new TransactionConflictError('Other transactions were in the way until the time was over'),
    );
  });
});

it('each connection logs in with the present token where the URL has no password', async () => {
  const role = `role-${randomUUID()}`;
  await postgres.sql(`CREATE ROLE "${role}" LOGIN PASSWORD 'token'`);
  const url = new URL(postgres.server.url);
  [url.username, url.password] = [role, ''];
  const tokens = ['expired', 'token'];
  const client = await loadModule<typeof import('../src/postgres/client.ts')>('client', url.href);
  const read = () => client.query('SELECT', 'none', 'SELECT 1', []);
  client.logInWith(async () => tokens.shift() ?? '');

  expect(await failure(read())).toMatchObject({ code: '28P01' });
  expect(await read()).toHaveLength(1);
});

describe('the deadline of a request', () => {
  it('ends a write that waits for another, and nothing is written', async () => {
    const one = item();
    await table.put(one, absent);
    const holder = postgres.sql(
      `BEGIN; SELECT * FROM "${name}" WHERE pk = '${one.pk}' FOR UPDATE; SELECT pg_sleep(2)`,
    );
    await untilWaiting(postgres.proxy.url, 'pg_sleep(2)');
    const deadline = AbortSignal.timeout(300);

    const error = await failure(
      inRequestContext({ correlationId: 'c', causationId: 'c', deadline }, () =>
        table.put({ ...one, version: 2 }),
      ),
    );

    expect(error.name).toBe('AbortError');
    expect(isTransient(error)).toBe(true);
    await holder;
    expect(await table.get({ pk: one.pk })).toEqual(one);
  });

  it('ends the wait for a server that does not answer', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `postgres://a:b@127.0.0.1:${Object(silent.address()).port}/c`;
    const { withConnection } = await loadModule<typeof import('../src/postgres/client.ts')>('client', url);

    const error = await failure(withConnection(() => Promise.resolve(), AbortSignal.timeout(100)));

    expect(error.name).toBe('AbortError');
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('begins nothing once it is over', async () => {
    const context = { correlationId: 'c', causationId: 'c', deadline: AbortSignal.abort() };

    const error = await failure(inRequestContext(context, () => table.get({ pk: 'x' })));

    expect(error.name).toBe('AbortError');
  });
});

describe('an error is transient', () => {
  it('where the disk is full, and the item stays as it was', async () => {
    const one = item();
    await table.put(one, absent);
    // As the server itself says it.
    await postgres.sql(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$`);
    await postgres.sql(`CREATE TRIGGER full_disk BEFORE UPDATE ON "${name}" EXECUTE FUNCTION full_disk()`);

    const error = await failure(table.put({ ...one, version: 2 }));
    await postgres.sql(`DROP TRIGGER full_disk ON "${name}"`);

    expect(error).toMatchObject({ code: '53100' });
    expect([isTransient(error), isThrottle(error)]).toEqual([true, false]);
    expect(await table.get({ pk: one.pk })).toEqual(one);
  });

  it('where there are too many connections: then it is a throttle, too', async () => {
    const [role, database] = [`role-${randomUUID()}`, `test-${randomUUID()}`];
    await postgres.sql(`CREATE ROLE "${role}" LOGIN PASSWORD 'local' CONNECTION LIMIT 0`);
    const url = new URL(await postgres.server.createDatabase(database));
    [url.username, url.password] = [role, 'local'];

    const error = await failureWith(url.href);

    expect(error).toMatchObject({ code: '53300' });
    expect([isTransient(error), isThrottle(error)]).toEqual([true, true]);
    await postgres.server.dropDatabase(database);
  });

  it('where the server is gone', async () => {
    const server = await startOwnServer();
    await server.stop();

    const error = await failureWith(server.url);

    expect([isTransient(error), isThrottle(error)]).toEqual([true, false]);
  });

  it('where the server stops while it is asked', async () => {
    const server = await startOwnServer();
    await migrate(server.url, [{ name: 'items', indexes: [] }]);
    const { openTable } = await loadAdapter(server.url);
    await openTable('items').put(item(), absent);
    // Nobody else gets at the items.
    const holder = failure(
      inDatabase(server.url, (client) => client.query('BEGIN; LOCK TABLE items; SELECT pg_sleep(60)')),
    );
    await untilWaiting(server.url, 'pg_sleep');
    const write = failure(openTable('items').put(item(), absent));
    await untilWaiting(server.url, 'FOR UPDATE');

    await server.stop();

    expect([isTransient(await write), isThrottle(await write)]).toEqual([true, false]);
    await holder;
  });

  it('not where the request is wrong', async () => {
    const error = await failure(postgres.adapter.openTable('no-such-table').get({ pk: 'x' }));

    expect([isTransient(error), isThrottle(error)]).toEqual([false, false]);
    expect(isTransient('no error')).toBe(false);
  });
});

it('half a character is stored as U+FFFD, which UTF-8 has', async () => {
  const one = { ...item(), text: 'a\ud800b\udc00', list: ['\udfff\u{1F600}'] };
  await table.put(one);

  expect(await table.get({ pk: one.pk })).toEqual({
    ...one,
    text: 'a\ufffdb\ufffd',
    list: ['\ufffd\u{1F600}'],
  });
});

it('removeExpired removes what is past its time, and nothing else', async () => {
  const { removeExpired } = await import('../src/postgres/expiry.ts');
  const now = Math.floor(Date.now() / 1000);
  const [past, future, forever] = [
    { ...item(), expiresAt: now - 10 },
    { ...item(), expiresAt: now + 1000 },
    item(),
  ];
  for (const each of [past, future, forever]) await table.put(each);

  expect(await removeExpired(name)).toBe(1);
  expect(await removeExpired(name)).toBe(0);
  const left = await table.getMany([past, future, forever].map(({ pk }) => ({ pk })));
  expect(left).toHaveLength(2);
});

it.each([false, true])(
  'a page of an index is read from the index, sorted (descending: %s)',
  async (descending) => {
    await postgres.sql(`INSERT INTO "${name}" (pk, item) SELECT pk, jsonb_build_object('pk', pk, 'owner', 'o' || n % 10, 'at', n::text)
    FROM (SELECT n, gen_random_uuid()::text AS pk FROM generate_series(1, 5000) AS n) AS rows`);
    await postgres.sql('ANALYZE');
    const statements = jest.spyOn(Client.prototype, 'query');
    const query = { partition: ['owner', 'o1'], index: 'by-owner', limit: 10, descending } as const;
    const { next } = await postgres.adapter.queryPage(name, query);

    await postgres.adapter.queryPage(name, { ...query, after: next });

    const [sql, values] = statements.mock.lastCall as unknown as [string, unknown[]];
    statements.mockRestore();
    const plan = JSON.stringify(await postgres.sql(`EXPLAIN ${sql}`, values));
    expect(plan).toContain('Index Scan');
    expect(plan).not.toContain('Sort');
  },
);

it('migrations can be repeated, also several at once', async () => {
  const database = `test-${randomUUID()}`;
  const url = await postgres.server.createDatabase(database);
  const tables = [{ name: 'items', indexes: [{ name: 'by-owner', partition: 'owner', sort: 'at' }] }];

  await Promise.all([1, 2, 3].map(() => migrate(url, tables)));
  await migrate(url, tables);

  const { rows } = await inDatabase(url, (client) => client.query('SELECT * FROM item_indexes'));
  expect(rows).toHaveLength(1);
  await postgres.server.dropDatabase(database);
});

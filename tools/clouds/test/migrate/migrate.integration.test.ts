import { main } from '../../src/migrate/main.ts';
import { inDatabase } from '../../src/postgres/databases.ts';
import { type PostgresServer, startPostgres } from '../../src/postgres/server.ts';

let postgres: PostgresServer;
let url: string;
let asUser: string;

/** What one command line of `npm run migrate:cloud` prints, and its exit code. */
async function run(databaseUrl: string | undefined, ...args: readonly string[]) {
  let [out, err] = ['', ''];
  const code = await main(args, {
    databaseUrl,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

const query = (as: string, sql: string) => inDatabase(as, async (client) => (await client.query(sql)).rows);

beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.createDatabase('orders');
  await query(url, `CREATE ROLE "dev-orders@project.iam" LOGIN PASSWORD 'token'`);
  const login = new URL(url);
  login.username = encodeURIComponent('dev-orders@project.iam');
  login.password = 'token';
  asUser = login.href;
});

afterAll(async () => {
  await query(url, 'DROP OWNED BY "dev-orders@project.iam"');
  await query(url, 'DROP ROLE "dev-orders@project.iam"');
  await postgres.dropDatabase('orders');
  await postgres.stop();
});

describe('npm run migrate:cloud', () => {
  const orders = ['--service', 'orders', '--user', 'dev-orders@project.iam'];

  it("lets a service's user use its tables, also when it is repeated", async () => {
    const done = { code: 0, out: 'dev-orders@project.iam can use dev-orders and the outbox.\n', err: '' };
    expect(await run(url, ...orders)).toEqual(done);
    expect(await run(url, ...orders)).toEqual(done);
    await query(asUser, `INSERT INTO "dev-orders" (pk, item) VALUES ('ORDER#1', '{}')`);
    await query(asUser, `INSERT INTO outbox (subject, id, type, body) VALUES ('1', '1', 'placed', '{}')`);
    await query(asUser, 'DELETE FROM outbox');
    expect(await query(asUser, 'SELECT pk FROM "dev-orders"')).toEqual([{ pk: 'ORDER#1' }]);
    const indexes = await query(asUser, 'SELECT index_name FROM item_indexes ORDER BY 1');
    expect(indexes).toEqual([{ index_name: 'by-customer' }, { index_name: 'undecided' }]);
  });

  it.each([
    ['create a table', 'CREATE TABLE mine (id text)'],
    ['change what was migrated', "INSERT INTO migrations (name) VALUES ('none')"],
    ['drop a table', 'DROP TABLE outbox'],
  ])("does not let a service's user %s", async (_, sql) => {
    await expect(query(asUser, sql)).rejects.toThrow(/permission denied|must be owner/);
  });

  it.each([
    [
      'a service that is not there',
      ['--service', 'shipping', '--user', 'me'],
      'There is no service shipping',
    ],
    ['no user', ['--service', 'orders'], "required option '--user <user>' not specified"],
  ])('refuses %s', async (_, args, message) => {
    const { code, err } = await run(url, ...args);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) });
  });

  it('refuses to guess the database', async () => {
    expect(await run(undefined, ...orders)).toMatchObject({
      code: 2,
      err: expect.stringContaining('DATABASE_URL'),
    });
  });

  it('says that the user is not there', async () => {
    const { code, err } = await run(url, '--service', 'orders', '--user', 'nobody');
    expect({ code, err }).toEqual({ code: 1, err: 'migrate:cloud: role "nobody" does not exist\n' });
  });
});

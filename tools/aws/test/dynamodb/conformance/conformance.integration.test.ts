import { ALL_CASES } from './all-cases.ts';
import { startEmbedded } from './embedded.ts';
import { contextFor, createSharedTables } from './run-cases.ts';
import type { TableNames } from './tables.ts';
import { type OpenDatabase, openEndpoint } from './targets.ts';

let server: Awaited<ReturnType<typeof startEmbedded>>;
let database: OpenDatabase;
let tables: TableNames;

beforeAll(async () => {
  server = await startEmbedded();
  database = openEndpoint('embedded', server.endpoint);
  tables = await createSharedTables(database.db);
});

afterAll(async () => {
  await database.close();
  await server.stop();
});

describe.each(ALL_CASES)('the embedded DynamoDB, $subject:', ({ cases }) => {
  it.each(cases)('$name', async ({ run }) => {
    await run(contextFor(database.db, tables));
  });
});

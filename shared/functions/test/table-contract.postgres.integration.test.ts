import { type PostgresUnderTest, startPostgresUnderTest } from './postgres-under-test.ts';
import { tableContract } from './table-contract.ts';

let postgres: PostgresUnderTest;
afterAll(() => postgres.stop());

tableContract('PostgreSQL', async () => {
  postgres = await startPostgresUnderTest();
  return postgres.adapter;
});

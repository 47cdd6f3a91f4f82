import { randomUUID } from 'node:crypto';
import type { CaseContext, CaseGroup, ConformanceCase } from './case.ts';
import { SHARED_TABLES, type TableNames } from './tables.ts';
import type { Peer } from './targets.ts';
import type { TestDatabase } from './test-database.ts';

export type CaseResult =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed'; readonly message: string }
  | { readonly outcome: 'notRun'; readonly reason: string };

/** Creates the tables that the cases share. */
export const createSharedTables = async (db: TestDatabase): Promise<TableNames> => {
  const created = Object.entries(SHARED_TABLES).map(async ([name, shape]) => {
    const table = await db.createTable(shape, name);
    return [name, table.name] as const;
  });
  return Object.fromEntries(await Promise.all(created)) as TableNames;
};

/** What a case works on when it runs with others on the same tables. */
export const contextFor = (db: TestDatabase, tables: TableNames): CaseContext => ({
  db,
  tables,
  id: randomUUID().slice(0, 13),
});

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** Runs one case; whatever it throws is its result. */
export const runCase = async (
  { run, notOn }: ConformanceCase,
  peer: Peer,
  context: CaseContext,
): Promise<CaseResult> => {
  const reason = notOn?.[peer];
  if (reason !== undefined) return { outcome: 'notRun', reason };
  try {
    await run(context);
    return { outcome: 'passed' };
  } catch (error) {
    return { outcome: 'failed', message: messageOf(error) };
  }
};

/** All cases of all groups whose name or subject contains `only`. */
export const selectCases = (
  groups: readonly CaseGroup[],
  only = '',
): readonly (ConformanceCase & { readonly subject: string })[] =>
  groups
    .flatMap(({ subject, cases }) => cases.map((one) => ({ ...one, subject })))
    .filter(({ subject, name }) => `${subject} ${name}`.toLowerCase().includes(only.toLowerCase()));

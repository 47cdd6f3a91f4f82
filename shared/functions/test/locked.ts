/** What stands in for src/postgres/commit.ts where no database is: transactions that lock the same, one after the other. */
const locks: unknown[] = [];
let last: Promise<unknown> = Promise.resolve();

interface Connection {
  query(sql: string, values: readonly unknown[]): Promise<void>;
}

export const mockLock = {
  locks,
  inTransaction<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    let unlock = () => {};
    const query = async (sql: string, values: readonly unknown[]) => {
      if (!sql.startsWith('SELECT pg_advisory_xact_lock(')) throw new Error(`Not known here: ${sql}`);
      locks.push(values);
      const before = last;
      last = new Promise<void>((unlocked) => {
        unlock = unlocked;
      });
      await before;
    };
    return work({ query }).finally(() => unlock());
  },
};

/** A mistake that somebody could make in the adapter for PostgreSQL: one place in its sources, changed. */
export interface TableDefect {
  readonly name: string;
  /** In shared/functions/src/postgres. */
  readonly file: string;
  readonly replace: string;
  readonly by: string;
}

export const tableDefects: readonly TableDefect[] = [
  {
    name: 'a condition that is not looked at',
    file: 'write.ts',
    replace: '!holds(condition, current)',
    by: 'false',
  },
  {
    name: 'items that are not locked',
    file: 'write.ts',
    replace: ' ORDER BY pk, sk FOR UPDATE',
    by: '',
  },
  {
    name: 'an outbox outside of the transaction',
    file: 'write.ts',
    replace: 'await insertEvents(connection, written)',
    by: "(import('./client.ts').then((other) => other.withConnection((late) => insertEvents(late, written))).catch(() => []), [])",
  },
  {
    name: 'events of a subject without their order',
    file: 'publish.ts',
    replace: 'ORDER BY position',
    by: 'ORDER BY id',
  },
  {
    name: 'publishers that do not take turns',
    file: 'publish.ts',
    replace: 'pg_advisory_xact_lock(hashtextextended($1, 0))',
    by: 'hashtextextended($1, 0)',
  },
  {
    name: 'a refusal of the broker that is swallowed',
    file: 'publish.ts',
    replace: 'await untilAborted(publish(events, signal), signal, tookTooLong);',
    by: 'await untilAborted(publish(events, signal), signal, tookTooLong).catch(() => undefined);',
  },
  {
    name: 'a failed statement that is swallowed',
    file: 'write.ts',
    replace: 'await connection.query(sql, columns(added));',
    by: 'await connection.query(sql, columns(added)).catch(() => undefined);',
  },
  {
    name: 'a lost answer to a commit taken for a failure',
    file: 'commit.ts',
    replace: "if (status === 'committed') return commit.result;",
    by: '',
  },
];

import { Pool, type PoolClient } from 'pg';
import { parse } from 'pg-connection-string';
import { environment, number, text } from '../env.ts';
import { log } from '../observability/log.ts';
import { withDeadline } from '../observability/request-context.ts';
import { inClientSpan } from '../observability/span.ts';
import { backOff } from '../retry.ts';
import { DeadlineError, isAnswer, isLost } from './errors.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * `DATABASE_URL` without a password where functions log in with a token of their identity (see `logInWith`).
 * `DATABASE_CONNECTIONS` of a container at most: all containers together must stay below the server's `max_connections`.
 * `DATABASE_TIMEOUT_MS` for a connection, and for a statement: as much as AWS's clients have for an attempt.
 */
const env = environment({
  DATABASE_URL: text,
  DATABASE_CONNECTIONS: number(5),
  DATABASE_TIMEOUT_MS: number(1_500),
});

let token: (() => Promise<string>) | undefined;

/** Takes the password of each new connection from here. It may be short-lived: only the login needs it. */
export function logInWith(password: () => Promise<string>): void {
  token = password;
}

const { host, port, user, database, password, ssl } = parse(env.DATABASE_URL);

/** The one pool of a container. */
const pool = new Pool({
  ...{ host: host ?? '', port: Number(port ?? 5432), user: user ?? '', database: database ?? '' },
  ...(ssl === undefined ? {} : { ssl: ssl as object }),
  password: () => password || (token?.() ?? ''),
  max: env.DATABASE_CONNECTIONS,
  connectionTimeoutMillis: env.DATABASE_TIMEOUT_MS,
  statement_timeout: env.DATABASE_TIMEOUT_MS,
  // A container that is frozen within a transaction must not keep others from its rows.
  idle_in_transaction_session_timeout: 5_000,
  // An idle function frees its connection.
  idleTimeoutMillis: 10_000,
  allowExitOnIdle: true,
  keepAlive: true,
});

// Without a listener, a lost connection would end the process. Whoever uses it learns of it from the query.
pool.on('error', (error) => log.debug('An idle connection was lost', { error }));
pool.on('connect', (client) => client.on('error', () => undefined));

/** A connection as statements see it. */
export type Connection = Pick<PoolClient, 'query'>;

/** Ends all connections: for tests and tools. */
export const disconnect = (): Promise<void> => pool.end();

/**
 * Runs `work` with a connection of its own. At the deadline of the request context the connection is cut, and the server
 * rolls back what was not committed.
 *
 * @param signal the deadline
 * @throws DeadlineError
 * @throws the database's errors
 */
export async function withConnection<T>(
  work: (connection: Connection) => Promise<T>,
  signal = withDeadline().abortSignal,
): Promise<T> {
  const client = await connect(signal);
  let isReleased = false;
  const release = (broken: boolean) => {
    if (!isReleased) client.release(broken);
    isReleased = true;
  };
  const cut = () => release(true);
  signal?.addEventListener('abort', cut);
  try {
    const result = await work(client);
    release(false);
    return result;
  } catch (error) {
    release(!isAnswer(error));
    if (signal?.aborted) throw new DeadlineError(timeIsOver, { cause: error });
    throw error;
  } finally {
    signal?.removeEventListener('abort', cut);
  }
}

const timeIsOver = 'The time of the request is over';

async function connect(signal: AbortSignal | undefined): Promise<PoolClient> {
  if (signal?.aborted) throw new DeadlineError(timeIsOver);
  const connecting = pool.connect();
  try {
    return await untilAborted(connecting, signal, timeIsOver);
  } catch (error) {
    // It may come when nobody waits for it any more.
    connecting.then(
      (client) => client.release(),
      () => undefined,
    );
    throw error;
  }
}

/** A lost connection is replaced twice, as AWS's clients try three times. */
export const maxConnectionAttempts = 3;

/** Runs a statement that is safe to repeat, again where its connection was lost. */
export async function query<Row>(
  operation: 'SELECT' | 'DELETE',
  table: string,
  sql: string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  return inDatabaseSpan(operation, [table], async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        const { rows } = await withConnection((connection) => connection.query(sql, [...values]));
        return rows as Row[];
      } catch (error) {
        if (attempt === maxConnectionAttempts || !isLost(error)) throw error;
        await backOff(attempt);
      }
    }
  });
}

/** Attributes: https://opentelemetry.io/docs/specs/semconv/database/postgresql/ */
export function inDatabaseSpan<T>(
  operation: string,
  tables: readonly string[],
  call: () => Promise<T>,
): Promise<T> {
  const names = [...new Set(tables)].join(' ');
  const attributes = {
    'db.system.name': 'postgresql',
    'db.operation.name': operation,
    'db.collection.name': names,
  };
  return inClientSpan(`${operation} ${names}`, attributes, call);
}

import type { Publish } from '../src/postgres/publish.ts';

/** What stands in for src/postgres/publish.ts where no database is: it keeps what publishes, and sweeps nothing. */
export const recorded: { publish?: Publish } = {};

export const mockPublishModule = {
  publishThrough(publish: Publish): void {
    recorded.publish = publish;
  },
  publishTouched: async () => undefined,
  sweep: async () => ({ published: 3, failed: 1 }),
};

/** What stands in for src/postgres/expiry.ts: the tables that it was asked for. */
export const expiredIn: string[] = [];

export const mockExpiryModule = {
  async removeExpired(table: string): Promise<number> {
    expiredIn.push(table);
    return 2;
  },
};

/** Publishes through what was set last. */
export function publish(...events: Parameters<Publish>[0]): Promise<void> {
  if (recorded.publish === undefined) throw new Error('Nothing publishes');
  return recorded.publish(events, AbortSignal.timeout(5_000));
}

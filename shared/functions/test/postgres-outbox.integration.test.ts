import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { OutboxEvent } from '../src/postgres/publish.ts';
import { absent, atVersion } from '../src/table/condition.ts';
import type { Table } from '../src/table/types.ts';
import { type PostgresUnderTest, startPostgresUnderTest } from './postgres-under-test.ts';

interface Item {
  readonly pk: string;
  readonly version: number;
  readonly outbox?: { readonly subject: string; readonly events: readonly object[] };
}

let postgres: PostgresUnderTest;
let table: Table<Item>;
/** What the broker has taken, in order. */
let taken: OutboxEvent[] = [];
let broker: (events: readonly OutboxEvent[]) => Promise<void>;
const accept = async (events: readonly OutboxEvent[]): Promise<void> => {
  taken.push(...events);
};

beforeAll(async () => {
  postgres = await startPostgresUnderTest();
  table = postgres.adapter.openTable(await postgres.adapter.createTable({ sortKey: false, indexes: [] }));
  postgres.publisher.publishThrough((events) => broker(events));
});
afterAll(() => postgres.stop());

beforeEach(async () => {
  await postgres.sql('DELETE FROM outbox');
  broker = accept;
  await postgres.publisher.publishTouched();
  taken = [];
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

/** An item whose write publishes events with these ids. */
const withEvents = (pk: string, version: number, ids: readonly string[] = [randomUUID()]): Item => ({
  pk,
  version,
  outbox: { subject: pk, events: ids.map((id) => ({ id, type: 'a.b.c.v1', body: `{"id":"${id}"}` })) },
});
const idsOf = (events: readonly OutboxEvent[]) => events.map(({ id }) => id);
const waiting = async () =>
  (await postgres.sql('SELECT id FROM outbox ORDER BY position')).map(({ id }) => id);
const sweep = () => postgres.publisher.sweep({ olderThanMs: 0 });

/** Writes the versions of an item one after the other. @returns the ids of their events */
async function writeVersions(pk: string, versions: number): Promise<string[]> {
  const ids: string[] = [];
  for (let version = 1; version <= versions; version++) {
    // Sorted by their ids they would be in the wrong order.
    const id = `${String(1_000_000 - version)}-${randomUUID()}`;
    await table.put(withEvents(pk, version, [id]), version === 1 ? absent : atVersion(version - 1));
    ids.push(id);
  }
  return ids;
}

describe('a write', () => {
  it('publishes its events once it is committed, byte for byte', async () => {
    const body = '{"text":"\u{1F600} \\u0000"}';
    const subject = `a\0${randomUUID()}`;
    const outbox = { subject, events: [{ id: 'event-1', type: 'a.b.c.v1', body }] };
    await table.put({ pk: randomUUID(), version: 1, outbox }, absent);

    await postgres.publisher.publishTouched();

    expect(taken).toEqual([{ id: 'event-1', type: 'a.b.c.v1', subject, body }]);
    expect(await waiting()).toEqual([]);
  });

  it('that is refused publishes nothing', async () => {
    const one = withEvents(randomUUID(), 1);
    await table.put(one, absent);
    await postgres.publisher.publishTouched();

    await table.put(withEvents(one.pk, 2), absent);
    const other = table.putting(withEvents(randomUUID(), 1), absent);
    await postgres.adapter.transact([other, table.putting(withEvents(one.pk, 2), absent)]);
    await postgres.publisher.publishTouched();

    expect(taken).toHaveLength(1);
    expect(await waiting()).toEqual([]);
  });

  it('does not happen where its events cannot be stored', async () => {
    await postgres.sql(`ALTER TABLE outbox ADD CONSTRAINT no_poison CHECK (id <> 'poison')`);
    const [one, other] = [withEvents(randomUUID(), 1, ['poison']), withEvents(randomUUID(), 1)];

    const writes = [one, other].map((each) => table.putting(each, absent));

    await expect(postgres.adapter.transact(writes)).rejects.toThrow('no_poison');
    expect(await table.getMany([{ pk: one.pk }, { pk: other.pk }])).toEqual([]);
    expect(await waiting()).toEqual([]);
  });

  it('that changes nothing, or removes the outbox, publishes nothing again', async () => {
    const one = withEvents(randomUUID(), 1);
    await table.put(one, absent);
    await postgres.publisher.publishTouched();

    await table.put(one);
    await table.put(one, absent);
    const update = table.updating({ pk: one.pk }, { add: { version: 1 }, remove: ['outbox'] }, atVersion(1));
    expect(await postgres.adapter.transact([update])).toEqual({ outcome: 'committed' });
    await postgres.publisher.publishTouched();

    expect(taken).toHaveLength(1);
    expect(await table.get({ pk: one.pk })).toStrictEqual({ pk: one.pk, version: 2 });
  });

  it.each(['loseAnswerToCommit', 'loseCommit'] as const)('publishes its events once: %s', async (lose) => {
    const one = withEvents(randomUUID(), 1);
    postgres.proxy[lose]();

    expect(await table.put(one, absent)).toEqual({ outcome: 'written' });
    await postgres.publisher.publishTouched();

    expect(taken).toHaveLength(1);
  });
});

describe('events of a subject', () => {
  it('are published in the order of their writes', async () => {
    const pk = randomUUID();
    const ids = await writeVersions(pk, 5);
    await table.put(withEvents(pk, 6, ['z', 'y', 'x']), atVersion(5));

    await postgres.publisher.publishTouched();

    expect(idsOf(taken)).toEqual([...ids, 'z', 'y', 'x']);
  });

  it('are published at most 100 at once', async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `${999 - index}`);
    const sizes: number[] = [];
    broker = async (events) => {
      sizes.push(events.length);
      await accept(events);
    };
    await table.put(withEvents(randomUUID(), 1, ids), absent);

    await postgres.publisher.publishTouched();

    expect(sizes).toEqual([100, 100, 50]);
    expect(idsOf(taken)).toEqual(ids);
  });

  it('are published once and in order by several publishers at once', async () => {
    const subjects = Array.from({ length: 4 }, () => randomUUID());
    broker = async (events) => {
      await delay(Math.random() * 10);
      await accept(events);
    };

    const written = await Promise.all(
      subjects.map(async (pk) => {
        const ids: string[] = [];
        for (let version = 1; version <= 10; version++) {
          const id = `${999 - version}-${pk}`;
          await table.put(withEvents(pk, version, [id]), version === 1 ? absent : atVersion(version - 1));
          ids.push(id);
          await Promise.all([postgres.publisher.publishTouched(), sweep(), sweep()]);
        }
        return ids;
      }),
    );
    await sweep();

    const bySubject = subjects.map((pk) => idsOf(taken.filter(({ subject }) => subject === pk)));
    expect(bySubject).toEqual(written);
    expect(await waiting()).toEqual([]);
  });
});

describe('while the broker is down', () => {
  beforeEach(() => {
    broker = () => Promise.reject(new Error('The broker is down'));
  });

  it('events stay, nobody who publishes fails, and a sweep publishes them later in order', async () => {
    const ids = await writeVersions(randomUUID(), 3);
    await postgres.publisher.publishTouched();
    expect(await waiting()).toEqual(ids);
    expect(await sweep()).toEqual({ published: 0, failed: 1 });

    broker = accept;

    expect(await sweep()).toEqual({ published: 3, failed: 0 });
    expect(idsOf(taken)).toEqual(ids);
    expect(await waiting()).toEqual([]);
  });

  it('a later write does not overtake', async () => {
    const pk = randomUUID();
    const ids = await writeVersions(pk, 2);
    await postgres.publisher.publishTouched();

    broker = accept;
    await table.put(withEvents(pk, 3, ['last']), atVersion(2));
    await postgres.publisher.publishTouched();

    expect(idsOf(taken)).toEqual([...ids, 'last']);
  });

  it('a subject that fails does not hold others in a sweep', async () => {
    const [bad, good] = [randomUUID(), randomUUID()];
    await writeVersions(bad, 1);
    const ids = await writeVersions(good, 2);
    broker = async (events) => {
      if (events.some(({ subject }) => subject === bad)) throw new Error('Refused');
      await accept(events);
    };

    expect(await sweep()).toEqual({ published: 2, failed: 1 });
    expect(idsOf(taken)).toEqual(ids);
  });

  it('a call of it that does not end costs an invocation a second', async () => {
    const ids = await writeVersions(randomUUID(), 1);
    await writeVersions(randomUUID(), 1);
    broker = () => new Promise(() => {});

    const start = performance.now();
    await postgres.publisher.publishTouched();

    expect(performance.now() - start).toBeLessThan(5_000);
    expect(await waiting()).toEqual(expect.arrayContaining(ids));
  });
});

it('a sweep leaves young events to the invocation that wrote them', async () => {
  await writeVersions(randomUUID(), 1);

  expect(await postgres.publisher.sweep({ olderThanMs: 60_000 })).toEqual({ published: 0, failed: 0 });
});

it('a sweep without time begins nothing', async () => {
  await writeVersions(randomUUID(), 1);

  const swept = await postgres.publisher.sweep({ olderThanMs: 0, remainingMs: () => 1_000 });

  expect(swept).toEqual({ published: 0, failed: 1 });
});

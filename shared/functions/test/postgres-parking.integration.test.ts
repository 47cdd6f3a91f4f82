import { randomUUID } from 'node:crypto';
import { sendInOrder } from '../src/portable/send-in-order.ts';
import { ServiceError } from '../src/portable/service-error.ts';
import type { OutboxEvent } from '../src/postgres/publish.ts';
import { absent } from '../src/table/condition.ts';
import { type PostgresUnderTest, startPostgresUnderTest } from './postgres-under-test.ts';

let postgres: PostgresUnderTest;
/** What the broker has taken, in order. */
let taken: string[] = [];
/** The sizes of the batches that it was offered. */
let offered: number[] = [];

/** A broker that refuses events whose body has the word "refused". */
const send = async (events: readonly OutboxEvent[]): Promise<void> => {
  offered.push(events.length);
  if (events.some(({ body }) => body.includes('refused'))) throw new ServiceError('It is too large', 413);
  taken.push(...events.map(({ id }) => id));
};

beforeAll(async () => {
  postgres = await startPostgresUnderTest();
  postgres.publisher.publishThrough((events) =>
    sendInOrder(events, { maxBytes: 1_000_000, bytesOf: ({ body }) => body.length, send }),
  );
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  await postgres.sql('DELETE FROM outbox');
  await postgres.sql('DELETE FROM outbox_parked');
  [taken, offered] = [[], []];
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

/** Writes an item whose outbox has events of a subject with these bodies. @returns the ids of the events */
async function write(subject: string, ...bodies: readonly string[]): Promise<string[]> {
  const tableName = await postgres.adapter.createTable({ sortKey: false, indexes: [] });
  const table = postgres.adapter.openTable<{ readonly pk: string; readonly outbox: object }>(tableName);
  const events = bodies.map((body) => ({ id: randomUUID(), type: 'a.b.c.v1', body }));
  await table.put({ pk: subject, outbox: { subject, events } }, absent);
  return events.map(({ id }) => id);
}
const waiting = async () => (await postgres.sql('SELECT id FROM outbox')).map(({ id }) => id);
const parked = async () =>
  (await postgres.sql('SELECT id, reason FROM outbox_parked ORDER BY position')).map(({ id, reason }) => [
    id,
    reason,
  ]);

it('an event that the broker refuses for good is parked with the reason, and holds up none', async () => {
  const ids = await write('A\0', '{}', 'refused', '{}', 'refused', 'refused', '{}');
  const others = await write('B', 'refused', '{}');

  await postgres.publisher.publishTouched();

  expect(await waiting()).toEqual([]);
  expect(taken.filter((id) => ids.includes(id))).toEqual([ids[0], ids[2], ids[5]]);
  expect(taken.filter((id) => others.includes(id))).toEqual([others[1]]);
  const all = [ids[1], ids[3], ids[4], others[0]].map((id) => [id, 'It is too large']);
  expect((await parked()).toSorted()).toEqual(all.toSorted());
});

it('a parked event keeps all that is needed to put it back', async () => {
  const [id] = await write('A\0', 'refused');
  await postgres.publisher.sweep({ olderThanMs: 0 });
  await postgres.sql(
    `WITH taken AS (DELETE FROM outbox_parked RETURNING *)
     INSERT INTO outbox (subject, id, type, body)
     SELECT subject, id, type, replace(body, 'refused', 'accepted') FROM taken ORDER BY position`,
  );

  expect(await postgres.publisher.sweep({ olderThanMs: 0 })).toEqual({ published: 1, failed: 0 });
  expect(taken).toEqual([id]);
  expect(await parked()).toEqual([]);
});

it('an event is not parked while the broker is down, or refuses an event that it was not given', async () => {
  const [id] = await write('A', '{}');
  const { RefusedEventError } = await import('../src/portable/refused-event-error.ts');
  for (const error of [new ServiceError('down', 503), new RefusedEventError('another', {})]) {
    postgres.publisher.publishThrough(() => Promise.reject(error));
    expect(await postgres.publisher.sweep({ olderThanMs: 0 })).toEqual({ published: 0, failed: 1 });
  }
  postgres.publisher.publishThrough(send);

  expect(await parked()).toEqual([]);
  expect(await waiting()).toEqual([id]);
});

it('large events are offered in batches that a broker takes within a second', async () => {
  const ids = await write('A', ...Array.from({ length: 10 }, () => 'x'.repeat(200_000)));

  await postgres.publisher.publishTouched();

  expect(offered).toEqual([3, 3, 3, 1]);
  expect(taken).toEqual(ids);
});

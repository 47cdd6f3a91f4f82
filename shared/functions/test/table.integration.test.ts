import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { absent, atVersion, within } from '../src/table/condition.ts';
import { queryPage } from '../src/table/page.ts';
import { openTable } from '../src/table/table.ts';
import { transact } from '../src/table/transaction.ts';
import { testTable } from './test-table.ts';

interface Item {
  readonly pk: string;
  readonly version: number;
  readonly owner?: string;
  readonly at?: string;
  readonly text?: string | undefined;
}

const name = testTable({
  IndexName: 'by-owner',
  KeySchema: [
    { AttributeName: 'owner', KeyType: 'HASH' },
    { AttributeName: 'at', KeyType: 'RANGE' },
  ],
  Projection: { ProjectionType: 'ALL' },
});
const table = openTable<Item>(name);

afterEach(() => jest.restoreAllMocks());

const item = (version = 1, more: Partial<Item> = {}): Item => ({ pk: randomUUID(), version, ...more });
const raise = ({ pk }: Item, version: number) =>
  table.updating({ pk }, { add: { version: 1 } }, atVersion(version));
const stored = ({ pk }: Item) => table.get({ pk });

describe('put', () => {
  it('writes an absent item, without undefined fields, and get finds it', async () => {
    const written = item(1, { text: undefined });

    expect(await stored(written)).toBeUndefined();
    expect(await table.put(written, absent)).toEqual({ outcome: 'written' });
    expect(await stored(written)).toEqual({ pk: written.pk, version: 1 });
  });

  it('counts as written when it is repeated because its answer was lost', async () => {
    const written = item(1, { text: 'the same' });
    await table.put(written, absent);

    expect(await table.put(written, absent)).toEqual({ outcome: 'written' });
    expect(await stored(written)).toEqual(written);
  });

  it('of a present item as absent returns the present one, and leaves it', async () => {
    const first = item(1, { text: 'first' });
    await table.put(first, absent);

    const second = await table.put({ ...first, text: 'second' }, absent);

    expect(second).toEqual({ outcome: 'refused', current: first });
    expect(await stored(first)).toEqual(first);
  });

  it('at the version that was read replaces the item', async () => {
    const first = item(1);
    await table.put(first, absent);

    expect(await table.put({ ...first, version: 2 }, atVersion(1))).toEqual({ outcome: 'written' });
    expect(await stored(first)).toEqual({ ...first, version: 2 });
  });

  it('at an older version returns the newer item, and leaves it', async () => {
    const first = item(2, { text: 'newer' });
    await table.put(first, absent);

    const late = await table.put({ ...first, version: 2, text: 'late' }, atVersion(1));

    expect(late).toEqual({ outcome: 'refused', current: first });
    expect(await stored(first)).toEqual(first);
  });

  it('at a version of a missing item returns no item', async () => {
    expect(await table.put(item(2), atVersion(1))).toEqual({ outcome: 'refused', current: undefined });
  });

  it('at the same version as others succeeds for exactly one', async () => {
    const first = item(1);
    await table.put(first, absent);

    const both = await Promise.all(
      ['a', 'b', 'c', 'd'].map((text) => table.put({ ...first, version: 2, text }, atVersion(1))),
    );

    expect(both.filter(({ outcome }) => outcome === 'written')).toHaveLength(1);
  });
});

it('put without a condition replaces any item, and remove removes it, there or not', async () => {
  const written = item();
  await table.put(written, absent);

  expect(await table.put({ ...written, version: 7 })).toEqual({ outcome: 'written' });
  expect(await stored(written)).toEqual({ ...written, version: 7 });

  for (let i = 0; i < 2; i++) await table.remove({ pk: written.pk });
  expect(await stored(written)).toBeUndefined();
});

describe('getMany', () => {
  it('reads more keys than fit into a request, and omits missing items', async () => {
    const items = Array.from({ length: 230 }, (_, version) => item(version));
    for (const chunk of [items.slice(0, 100), items.slice(100, 200), items.slice(200)])
      await transact(chunk.map((each) => table.putting(each, absent)));
    const keys = [...items, item(), item()].map(({ pk }) => ({ pk }));

    const found = await table.getMany(keys);

    const byKey = (a: Item, b: Item) => a.pk.localeCompare(b.pk);
    expect(found.toSorted(byKey)).toEqual(items.toSorted(byKey));
  });

  it('reads nothing for no keys', async () => {
    const send = jest.spyOn(DynamoDBClient.prototype, 'send');

    expect(await table.getMany([])).toEqual([]);
    expect(send).not.toHaveBeenCalled();
  });
});

describe('queryPage', () => {
  const owner = randomUUID();
  const items = Array.from({ length: 7 }, (_, index) => item(1, { owner, at: `2026-01-0${index + 1}` }));
  beforeAll(() => Promise.all(items.map((each) => table.put(each, absent))), 30_000);

  it.each([
    [false, items],
    [true, items.toReversed()],
  ])(
    'reads an index page by page, each item once, in order (descending: %s)',
    async (descending, expected) => {
      const pages: Item[][] = [];
      let after: Readonly<Record<string, string>> | undefined;
      do {
        const page = await queryPage<Item>(name, {
          partition: ['owner', owner],
          index: 'by-owner',
          limit: 3,
          after,
          descending,
        });
        pages.push([...page.items]);
        after = page.next;
      } while (after !== undefined);

      expect(pages.flat()).toEqual(expected);
      expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    },
  );

  it('ends with a full page if no item is left', async () => {
    const query = { partition: ['owner', owner], index: 'by-owner', limit: 7 } as const;

    const { items: all, next } = await queryPage<Item>(name, query);
    const { next: more } = await queryPage<Item>(name, { ...query, limit: 6 });

    expect([all.length, next]).toEqual([7, undefined]);
    expect((await queryPage<Item>(name, { ...query, after: more })).items).toEqual(items.slice(6));
  });

  it('ends at an upper bound of the sort key, which is included', async () => {
    const upTo = items[3]?.at ?? '';
    const query = { partition: ['owner', owner], index: 'by-owner', limit: 100 } as const;

    expect((await queryPage<Item>(name, { ...query, upTo: ['at', upTo] })).items).toEqual(items.slice(0, 4));
  });

  it('finds at once in the table itself what was just written', async () => {
    const written = item();
    await table.put(written, absent);

    expect(await queryPage<Item>(name, { partition: ['pk', written.pk], limit: 1 })).toMatchObject({
      items: [written],
    });
  });

  it('returns an empty last page for an empty partition', async () => {
    const page = await queryPage<Item>(name, {
      partition: ['owner', randomUUID()],
      index: 'by-owner',
      limit: 3,
    });

    expect(page).toEqual({ items: [] });
  });
});

describe('transact', () => {
  it('does all of its writes', async () => {
    const [existing, added] = [item(1), item(1)];
    await table.put(existing, absent);

    const result = await transact([raise(existing, 1), table.putting(added, absent)]);

    expect(result).toEqual({ outcome: 'committed' });
    expect(await stored(existing)).toEqual({ ...existing, version: 2 });
    expect(await stored(added)).toEqual(added);
  });

  it('does none when one is refused, and returns the present items by index', async () => {
    const [fine, overtaken, missing, taken] = [item(1), item(5), item(1), item(1, { text: 'taken' })];
    for (const each of [fine, overtaken, taken]) await table.put(each, absent);

    const result = await transact([
      raise(fine, 1),
      raise(overtaken, 4),
      raise(missing, 1),
      table.putting({ ...taken, text: 'mine' }, absent),
    ]);

    expect(result).toEqual({
      outcome: 'refused',
      refused: new Map<number, Item | undefined>([
        [1, overtaken],
        [2, undefined],
        [3, taken],
      ]),
    });
    expect(await stored(fine)).toEqual(fine);
    expect(await stored(taken)).toEqual(taken);
  });

  it('changes an item once for each of several transactions that commits', async () => {
    const counter = item(0);
    await table.put(counter, absent);
    const belowFive = within({ version: { min: 0, max: 4 } });
    const plusOne = table.updating({ pk: counter.pk }, { add: { version: 1 } }, belowFive);

    const results = await Promise.all(Array.from({ length: 8 }, () => transact([plusOne])));

    expect(results.filter(({ outcome }) => outcome === 'committed')).toHaveLength(5);
    expect(await stored(counter)).toEqual({ ...counter, version: 5 });
  });

  it('throws for a request that is wrong in itself', async () => {
    const tooMany = Array.from({ length: 101 }, () => table.putting(item(1), absent));

    await expect(transact(tooMany)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

import { randomUUID } from 'node:crypto';
import { absent, atVersion, type Condition, older, unchanged, within } from '../src/table/condition.ts';
import type {
  Key,
  Page,
  PageQuery,
  Table,
  TransactionOptions,
  TransactionResult,
  Write,
} from '../src/table/types.ts';

/** A database under test. */
export interface TableAdapter {
  openTable<Item extends object>(tableName: string): Table<Item>;
  transact(writes: readonly Write[], options?: TransactionOptions): Promise<TransactionResult>;
  queryPage<Item extends object>(tableName: string, query: PageQuery): Promise<Page<Item>>;
  /** @returns the name of a new table with the key `pk`, and `sk` where it has one; indexes are over texts */
  createTable(definition: TableDefinition): Promise<string>;
}

export interface TableDefinition {
  readonly sortKey: boolean;
  readonly indexes: readonly { readonly name: string; readonly partition: string; readonly sort: string }[];
}

interface Item {
  readonly pk: string;
  readonly sk?: string;
  readonly version?: number | string;
  readonly [name: string]: unknown;
}

const item = (more: Readonly<Record<string, unknown>> = {}): Item => ({ pk: randomUUID(), ...more });
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** By kind: the condition, the items for which it holds, and the others; `undefined`: there is no item. */
const conditions: readonly (readonly [
  string,
  Condition,
  readonly object[],
  readonly (object | undefined)[],
])[] = [
  ['absent', absent, [], [{}, { version: 1 }]],
  ['atVersion', atVersion(3), [{ version: 3 }], [{ version: 4 }, { version: '3' }, {}, undefined]],
  [
    'unchanged',
    unchanged({ status: 'OPEN', holding: undefined }),
    [{ status: 'OPEN' }, { status: 'OPEN', version: 9 }],
    [{ status: 'OPEN', holding: 1 }, { status: 'OPEN', holding: null }, { status: 'SHUT' }, {}, undefined],
  ],
  ['older', older('version', 5), [{ version: 4 }], [{ version: 5 }, { version: 6 }, {}]],
  [
    'within',
    within({ left: { min: 0, max: 10 }, taken: { min: 1, max: 1 } }),
    [
      { left: 0, taken: 1 },
      { left: 10, taken: 1 },
    ],
    [{ left: -1, taken: 1 }, { left: 11, taken: 1 }, { left: 5, taken: 2 }, { left: 5 }, undefined],
  ],
];
const describeCase = (kind: string, present: object | undefined) =>
  `${kind} and ${present === undefined ? 'no item' : JSON.stringify(present)}`;
const holding = conditions.flatMap(([kind, condition, holds]) =>
  holds.map((present) => [describeCase(kind, present), condition, present] as const),
);
const refusing = conditions.flatMap(([kind, condition, , refuses]) =>
  refuses.map((present) => [describeCase(kind, present), condition, present] as const),
);

/** Texts that a database may change or refuse. */
const texts = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b\0',
    '\u0001',
    '\u0001\u0001\u0002\0\u0001',
    '\u007f\u0080',
    '\\u0000',
    '\\',
    '"',
    "'",
  ],
  ...[
    '{"a":1}',
    '{a,NULL}',
    'null',
    '\r\n\t',
    '\u2028\u2029',
    '\u{1F600}',
    'e\u0301',
    '\u00e9',
    '\ufeff',
    '\uffff',
  ],
  ...['$1', '%s', 'DROP TABLE', '\u0000\u0001'.repeat(1000)],
];

/** What every database must do that services keep their items in. */
export function tableContract(name: string, open: () => Promise<TableAdapter>): void {
  describe(`a table of ${name}`, () => {
    let adapter: TableAdapter;
    let plainName: string;
    let sortedName: string;
    let table: Table<Item>;
    let sorted: Table<Item>;

    beforeAll(async () => {
      adapter = await open();
      const indexes = [{ name: 'by-owner', partition: 'owner', sort: 'at' }];
      plainName = await adapter.createTable({ sortKey: false, indexes });
      sortedName = await adapter.createTable({ sortKey: true, indexes: [] });
      table = adapter.openTable<Item>(plainName);
      sorted = adapter.openTable<Item>(sortedName);
    });

    const stored = ({ pk }: Item) => table.get({ pk });
    const written = async (more?: Readonly<Record<string, unknown>>): Promise<Item> => {
      const one = item(more);
      await table.put(one);
      return one;
    };

    describe('put and get', () => {
      it('keep an item', async () => {
        const one = item({
          texts: ['a', ''],
          map: { deep: { list: [] } },
          yes: true,
          nothing: null,
          empty: {},
        });

        expect(await stored(one)).toBeUndefined();
        expect(await table.put(one, absent)).toEqual({ outcome: 'written' });
        expect(await stored(one)).toEqual(one);
      });

      it('leave out what is undefined', async () => {
        const one = await written({
          none: undefined,
          map: { none: undefined, some: 1 },
          list: [1, undefined, 2],
        });

        expect(await stored(one)).toStrictEqual({ pk: one.pk, map: { some: 1 }, list: [1, 2] });
      });

      it('replace an item as a whole', async () => {
        const one = await written({ version: 1, old: true });

        expect(await table.put({ pk: one.pk, version: 2 })).toEqual({ outcome: 'written' });
        expect(await stored(one)).toStrictEqual({ pk: one.pk, version: 2 });
      });

      it.each([0, -1, 2 ** 53 - 1, 1 - 2 ** 53, 0.1, -1.5, 1e-7, 123_456_789.123_456, 1e-100])(
        'keep the number %d',
        async (number) => {
          expect(await stored(await written({ number }))).toMatchObject({ number });
        },
      );

      it('keep any text, as a value, in lists and as a name', async () => {
        const odd = Object.fromEntries(texts.map((text, index) => [`text${index}`, text]));
        const one = await written({
          odd,
          list: texts,
          names: Object.fromEntries(texts.map((text) => [`n${text}`, 1])),
        });

        expect(await stored(one)).toStrictEqual(one);
      });

      it('keep items apart whose keys are odd', async () => {
        const prefix = randomUUID();
        const all = texts
          .filter((text) => text.length < 100)
          .map((text) => ({ pk: `${prefix}${text}`, text }));
        for (const one of all) expect(await table.put(one, absent)).toEqual({ outcome: 'written' });

        expect(await Promise.all(all.map(stored))).toEqual(all);
      });

      it('keep an item of 390 kB', async () => {
        const one = await written({
          parts: times(39, (index) => `${index}`.repeat(10_000).slice(0, 10_000)),
        });

        expect(await stored(one)).toEqual(one);
      });

      it.each([
        ['no number', Number.NaN],
        ['no finite number', Number.POSITIVE_INFINITY],
        ['a number that is not exact', 2 ** 53],
        ['a date', new Date(0)],
      ])('refuse %s', async (_what, value) => {
        const one = item({ value });

        await expect(table.put(one)).rejects.toThrow();
        expect(await stored(one)).toBeUndefined();
      });
    });

    it.each(holding)('put writes where its condition holds: %s', async (_case, condition, present) => {
      const one = await written({ ...present });

      expect(await table.put({ pk: one.pk, version: 7 }, condition)).toEqual({ outcome: 'written' });
      expect(await stored(one)).toStrictEqual({ pk: one.pk, version: 7 });
    });

    it.each([absent, older('version', 5)])('put writes a new item where $kind holds', async (condition) => {
      const one = item({ version: 5 });

      expect(await table.put(one, condition)).toEqual({ outcome: 'written' });
      expect(await stored(one)).toEqual(one);
    });

    it.each(refusing)(
      'put returns the present item where its condition does not hold: %s',
      async (_case, condition, present) => {
        const one = present === undefined ? item() : await written({ ...present });
        const current = present === undefined ? undefined : one;

        expect(await table.put({ pk: one.pk, other: true }, condition)).toEqual({
          outcome: 'refused',
          current,
        });
        expect(await stored(one)).toEqual(current);
      },
    );

    it('put counts as written when it is repeated because its answer was lost', async () => {
      const one = await written({ version: 1, text: 'the same\0', none: undefined });

      expect(await table.put(one, absent)).toEqual({ outcome: 'written' });
      expect(await table.put({ ...one, text: 'another' }, absent)).toMatchObject({ outcome: 'refused' });
    });

    it('remove removes an item, there or not, and no other', async () => {
      const [one, other] = [await written(), await written()];

      for (let i = 0; i < 2; i++) await table.remove({ pk: one.pk });

      expect([await stored(one), await stored(other)]).toEqual([undefined, other]);
    });

    describe('getMany', () => {
      it('reads more than 100 keys, and omits missing items', async () => {
        const all = times(230, (index) => item({ index }));
        for (let i = 0; i < 230; i += 100) {
          await adapter.transact(all.slice(i, i + 100).map((each) => table.putting(each, absent)));
        }
        const keys = [...all, item(), item()].map(({ pk }) => ({ pk }));

        for (const consistent of [true, false]) {
          const found = await table.getMany(keys, consistent);
          expect(found.toSorted((a, b) => Number(a.index) - Number(b.index))).toEqual(all);
        }
      });

      it('tells apart items that differ in one part of the key', async () => {
        const pk = randomUUID();
        const all = ['a', 'b', 'c'].map((sk) => ({ pk, sk }));
        for (const each of all) await sorted.put(each);

        const found = await sorted.getMany(
          [all[0], all[2], { pk, sk: 'd' }].map((each) => ({ ...each }) as Key),
        );

        expect(found.toSorted((a, b) => String(a.sk).localeCompare(String(b.sk)))).toEqual([all[0], all[2]]);
      });

      it('reads nothing for no keys', async () => {
        expect(await table.getMany([])).toEqual([]);
      });
    });

    describe('transact', () => {
      const adding = (one: Item, by: number, condition: Condition, remove?: readonly string[]) =>
        table.updating({ pk: one.pk }, { add: { left: by }, ...(remove && { remove }) }, condition);
      const anyNumber = within({ left: { min: -1e9, max: 1e9 } });

      it('puts, and adds to and removes from what is there', async () => {
        const [added, counted] = [
          item({ text: 'new' }),
          await written({ left: 5, price: 1, extra: {}, kept: 'yes' }),
        ];

        const writes = [
          table.putting(added, absent),
          table.updating(
            { pk: counted.pk },
            { add: { left: -2, price: 10 }, remove: ['extra', 'none'] },
            anyNumber,
          ),
        ];

        expect(await adapter.transact(writes)).toEqual({ outcome: 'committed' });
        expect(await stored(added)).toEqual(added);
        expect(await stored(counted)).toStrictEqual({ pk: counted.pk, left: 3, price: 11, kept: 'yes' });
      });

      it.each(holding)('updates where its condition holds: %s', async (_case, condition, present) => {
        const one = await written({ ...present, count: 1 });

        const update = table.updating({ pk: one.pk }, { add: { count: 1 } }, condition);

        expect(await adapter.transact([update])).toEqual({ outcome: 'committed' });
        expect(await stored(one)).toEqual({ ...one, count: 2 });
      });

      it.each(refusing)(
        'neither puts nor updates where a condition does not hold: %s',
        async (_case, condition, present) => {
          const there = async () =>
            present === undefined ? item() : await written({ ...present, count: 1 });
          const [fine, put, changed] = [item(), await there(), await there()];

          const result = await adapter.transact([
            table.putting(fine, absent),
            table.putting({ pk: put.pk }, condition),
            table.updating({ pk: changed.pk }, { add: { count: 1 } }, condition),
          ]);

          const current = (one: Item) => (present === undefined ? undefined : one);
          const refused = new Map([put, changed].map((one, index) => [index + 1, current(one)]));
          expect(result).toEqual({ outcome: 'refused', refused });
          expect(await stored(fine)).toBeUndefined();
          expect([await stored(put), await stored(changed)]).toEqual([current(put), current(changed)]);
        },
      );

      it('writes 100 items or none, also in two tables', async () => {
        const all = times(99, (index) => item({ index, text: 'x'.repeat(10_000) }));
        const other = { pk: randomUUID(), sk: 'other' };
        const writes = all.map((each) => table.putting(each, absent));
        const both = [...writes, sorted.putting(other, absent)];

        await sorted.put(other);
        const refused = await adapter.transact(both);
        expect(refused).toEqual({ outcome: 'refused', refused: new Map([[99, other]]) });
        expect(await table.getMany(all.map(({ pk }) => ({ pk })))).toEqual([]);

        await sorted.remove(other);
        expect(await adapter.transact(both)).toEqual({ outcome: 'committed' });
        expect(await table.getMany(all.map(({ pk }) => ({ pk })))).toHaveLength(99);
        expect(await sorted.get(other)).toEqual(other);
      });

      it.each([1, 20])('lets as many of 50 at once take a piece as there are: %d', async (left) => {
        const one = await written({ left });
        const taking = adding(one, -1, within({ left: { min: 1, max: 1e9 } }));

        const results = await Promise.all(times(50, () => adapter.transact([taking])));

        expect(results.filter(({ outcome }) => outcome === 'committed')).toHaveLength(left);
        expect(await stored(one)).toMatchObject({ left: 0 });
      });

      it('lets one of 50 at once write a new item, and one a new version', async () => {
        const one = item({ version: 1 });
        const outcomes = async (condition: Condition, version: number) => {
          const puts = times(50, (by) => table.put({ ...one, version, by }, condition));
          return (await Promise.all(puts)).filter(({ outcome }) => outcome === 'written');
        };

        expect(await outcomes(absent, 1)).toHaveLength(1);
        expect(await outcomes(atVersion(1), 2)).toHaveLength(1);
      });

      it('does all of many that write the same items in opposite orders', async () => {
        const all = await Promise.all(times(6, () => written({ left: 0 })));
        const writes = all.map((each) => adding(each, 1, anyNumber));

        const both = times(8, (i) => adapter.transact(i % 2 === 0 ? writes : writes.toReversed()));

        expect(await Promise.all(both)).toEqual(times(8, () => ({ outcome: 'committed' })));
        const found = await Promise.all(all.map(stored));
        expect(found.map((each) => each?.left)).toEqual(times(6, () => 8));
      });

      it('does not end in the middle of another: two items always change together', async () => {
        const [a, b] = [await written({ left: 10 }), await written({ left: 10 })];
        const moving = times(10, () =>
          adapter.transact([adding(a, -1, within({ left: { min: 1, max: 1e9 } })), adding(b, 1, anyNumber)]),
        );

        await Promise.all(moving);

        expect([await stored(a), await stored(b)]).toMatchObject([{ left: 0 }, { left: 20 }]);
      });

      it.each([
        ['no writes', () => []],
        ['101 writes', () => times(101, () => table.putting(item(), absent))],
        ['two writes of one item', () => times(2, () => table.putting({ pk: 'same' }, absent))],
      ])('refuses %s', async (_what, writes) => {
        await expect(adapter.transact(writes())).rejects.toMatchObject({ name: 'ValidationException' });
      });

      it('refuses to add to what is no number', async () => {
        const one = await written({ version: 1 });

        await expect(adapter.transact([adding(one, 1, atVersion(1))])).rejects.toThrow();
        expect(await stored(one)).toEqual(one);
      });
    });

    describe('queryPage', () => {
      const readAll = async (name: string, query: PageQuery) => {
        const pages: (readonly Item[])[] = [];
        for (let after: Key | undefined, first = true; first || after !== undefined; first = false) {
          const page: Page<Item> = await adapter.queryPage<Item>(name, { ...query, after });
          pages.push(page.items);
          after = page.next;
        }
        return pages;
      };
      const owner = randomUUID();
      const all = times(7, (index) => item({ owner, at: `2026-01-0${index + 1}` }));
      const query = { partition: ['owner', owner], index: 'by-owner', limit: 3 } as const;
      beforeAll(async () => {
        for (const each of all.toReversed()) await table.put(each);
        // None of these is in the partition.
        await written({ owner });
        await written({ at: '2026-01-01' });
        await written({ owner: `${owner}2`, at: '2026-01-01' });
        await written({ owner, at: 7 }).catch(() => undefined);
      });

      it.each([
        [false, all],
        [true, all.toReversed()],
      ])(
        'reads an index page by page, each item once, in order (descending: %s)',
        async (descending, expected) => {
          const pages = await readAll(plainName, { ...query, descending });

          expect(pages.flat()).toEqual(expected);
          expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
        },
      );

      it('ends with a full page if no item is left', async () => {
        const { items, next } = await adapter.queryPage<Item>(plainName, { ...query, limit: 7 });
        const { next: more } = await adapter.queryPage<Item>(plainName, { ...query, limit: 6 });

        expect([items.length, next]).toEqual([7, undefined]);
        const rest = await adapter.queryPage<Item>(plainName, { ...query, limit: 6, after: more });
        expect(rest).toEqual({ items: all.slice(6) });
      });

      it('has texts in its cursors, which a list seals', async () => {
        const { next = {} } = await adapter.queryPage<Item>(plainName, query);

        expect(Object.values(next).every((value) => typeof value === 'string')).toBe(true);
      });

      it.each([
        [false, all.slice(0, 4)],
        [true, all.slice(0, 4).toReversed()],
      ])(
        'ends at an upper bound of the sort key, which is included (descending: %s)',
        async (descending, expected) => {
          const pages = await readAll(plainName, { ...query, upTo: ['at', '2026-01-04'], descending });

          expect(pages.flat()).toEqual(expected);
        },
      );

      it('reads each of many items with the same sort key once', async () => {
        const same = times(10, () => item({ owner: `${owner}-same`, at: '2026' }));
        for (const each of same) await table.put(each);

        const pages = await readAll(plainName, { ...query, partition: ['owner', `${owner}-same`] });

        expect(new Set(pages.flat().map(({ pk }) => pk))).toEqual(new Set(same.map(({ pk }) => pk)));
        expect(pages.map(({ length }) => length)).toEqual([3, 3, 3, 1]);
      });

      it('reads on where items are added and removed between two pages', async () => {
        const partition = ['owner', `${owner}-moving`] as const;
        const moving = times(6, (index) => item({ owner: partition[1], at: `${index}` }));
        for (const each of moving) await table.put(each);
        const { next } = await adapter.queryPage<Item>(plainName, { ...query, partition });

        await table.remove({ pk: moving[2]?.pk ?? '' });
        await table.put(item({ owner: partition[1], at: '0' }));

        const { items } = await adapter.queryPage<Item>(plainName, { ...query, partition, after: next });
        expect(items).toEqual(moving.slice(3));
      });

      it.each([false, true])('sorts texts by their bytes (descending: %s)', async (descending) => {
        const pk = randomUUID();
        const sks = [
          '\0',
          '\0a',
          '\u0001',
          '\u0001\0',
          '\u0002',
          'Z',
          'a',
          'a\0',
          'b',
          '\u00e9',
          '\ufffd',
          '\u{1F600}',
        ];
        for (const sk of sks.toSorted()) await sorted.put({ pk, sk });

        const pages = await readAll(sortedName, { partition: ['pk', pk], limit: 5, descending });

        const expected = descending ? sks.toReversed() : sks;
        expect(pages.flat().map(({ sk }) => sk)).toEqual(expected);
      });

      it('finds at once in the table itself what was just written', async () => {
        const one = await written();

        expect(await adapter.queryPage<Item>(plainName, { partition: ['pk', one.pk], limit: 1 })).toEqual({
          items: [one],
        });
      });

      it('returns an empty last page for an empty partition', async () => {
        const page = await adapter.queryPage(plainName, { ...query, partition: ['owner', randomUUID()] });

        expect(page).toEqual({ items: [] });
      });

      it.each([
        ['of another form', { other: 'x' }],
        ['without a part', { owner, at: '2026-01-01' }],
        ['with a part too many', { owner, at: '2026-01-01', pk: 'x', more: 'x' }],
        ['of another partition', { owner: 'another', at: '2026-01-01', pk: 'x' }],
      ])('refuses a position %s', async (_what, after) => {
        const page = adapter.queryPage(plainName, { ...query, after });

        await expect(page).rejects.toMatchObject({ name: 'ValidationException' });
      });

      it('refuses an index that does not exist', async () => {
        const page = adapter.queryPage(plainName, { ...query, index: 'by-nobody' });

        await expect(page).rejects.toMatchObject({ name: 'ValidationException' });
      });
    });
  });
}

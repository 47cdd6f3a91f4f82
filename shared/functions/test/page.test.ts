import { parse } from '@orderly/contracts';
import { anyCharacter } from '@orderly/support/any-character';
import fc from 'fast-check';
import * as v from 'valibot';
import { decodeCursor, encodeCursor } from '../src/http/cursor.ts';
import { answerPage, pageFields } from '../src/http/page.ts';

const position = { pk: 'ORDER#1', at: '2026-01-31T12:00:00.000Z' };
const failing = (name: string) => async () => {
  throw Object.assign(new Error('The provided starting key is invalid'), { name });
};

describe('a cursor', () => {
  it('is decoded to its position, for any position and query', () => {
    const anyPosition = fc.dictionary(fc.string(), fc.string({ unit: anyCharacter }));

    fc.assert(
      fc.property(fc.string(), anyPosition, (query, any) => {
        expect(decodeCursor(query, encodeCursor(query, any))).toEqual({ ...any });
      }),
    );
  });

  it('needs no escaping in a URL', () => {
    expect(encodeCursor('q', { key: '\u{1f381}???>>>' })).toMatch(/^[\w.-]+$/);
  });

  it('is refused for another list', () => {
    expect(decodeCursor('customer 2', encodeCursor('customer 1', position))).toBeUndefined();
  });

  it('is refused when any of its characters is removed, added or changed', () => {
    const cursor = encodeCursor('q', position);
    const place = fc.nat(cursor.length - 1);

    fc.assert(
      fc.property(place, fc.constantFrom('', 'A', 'AA', '.', '-'), (at, instead) => {
        const changed = cursor.slice(0, at) + instead + cursor.slice(at + 1);
        fc.pre(changed !== cursor);
        expect(decodeCursor('q', changed)).toBeUndefined();
      }),
    );
  });

  it.each(['', '.', '..', 'nonsense', 'a.b.c'])('is refused when it is %j', (cursor) => {
    expect(decodeCursor('q', cursor)).toBeUndefined();
  });

  it.each([[5], [null], [['a']], [{ a: 1 }], [{ a: { b: 'c' } }]])(
    'is refused with the position %j, even if its hash is right',
    (value) => {
      // A forger who knows the source could make it.
      const forged = Reflect.apply(encodeCursor, undefined, ['q', value]);

      expect(decodeCursor('q', forged)).toBeUndefined();
    },
  );

  it('is refused if its payload is no JSON, even if its hash is right', () => {
    const stringify = jest.spyOn(JSON, 'stringify').mockReturnValueOnce('{');
    const forged = encodeCursor('q', position);
    stringify.mockRestore();

    expect(decodeCursor('q', forged)).toBeUndefined();
  });
});

describe('the query fields of a page', () => {
  const fields = v.object(pageFields);

  it.each([
    [{}, { limit: 20 }],
    [{ limit: '1' }, { limit: 1 }],
    [{ limit: '100' }, { limit: 100 }],
    [
      { limit: '20', cursor: 'c'.repeat(1024) },
      { limit: 20, cursor: 'c'.repeat(1024) },
    ],
  ])('are parsed: %j to %j', (query, value) => {
    expect(parse(fields, query)).toEqual({ outcome: 'valid', value });
  });

  it.each([
    [{ limit: '0' }, '/limit'],
    [{ limit: '101' }, '/limit'],
    [{ limit: '-1' }, '/limit'],
    [{ limit: '1.5' }, '/limit'],
    [{ limit: '' }, '/limit'],
    [{ limit: '1e2' }, '/limit'],
    [{ cursor: 'c'.repeat(1025) }, '/cursor'],
  ])('are refused: %j', (query, path) => {
    expect(parse(fields, query)).toMatchObject({ outcome: 'invalid', issues: [{ path }] });
  });
});

describe('answerPage', () => {
  const notACursor = { status: 400, errors: [{ path: '/query/cursor', message: expect.any(String) }] };

  it('answers the items and a cursor of the next page', async () => {
    const read = jest.fn(async (_limit: number, after: unknown) =>
      after === undefined ? { items: [1, 2], next: position } : { items: [3] },
    );

    const first = await answerPage('list', { limit: 2 }, read);
    const { nextCursor } = Object(first.body);
    const second = await answerPage('list', { limit: 2, cursor: nextCursor }, read);

    expect(first).toEqual({ status: 200, body: { items: [1, 2], nextCursor: expect.any(String) } });
    expect(second).toEqual({ status: 200, body: { items: [3] } });
    expect(read.mock.calls).toEqual([
      [2, undefined],
      [2, position],
    ]);
  });

  it.each(['', 'forged', encodeCursor('other list', position), encodeCursor('list', position).slice(0, -1)])(
    'refuses the cursor %j without reading anything',
    async (cursor) => {
      const read = jest.fn();

      const answer = answerPage('list', { limit: 2, cursor }, read);

      await expect(answer).rejects.toMatchObject(notACursor);
      expect(read).not.toHaveBeenCalled();
    },
  );

  it('refuses a cursor whose position DynamoDB refuses, since it is forged', async () => {
    const answer = answerPage(
      'list',
      { limit: 2, cursor: encodeCursor('list', { pk: 'ORDER#of another list' }) },
      failing('ValidationException'),
    );

    await expect(answer).rejects.toMatchObject(notACursor);
  });

  it.each([
    ['ValidationException', undefined],
    ['ThrottlingException', encodeCursor('list', position)],
  ])('throws any other error: %s with the cursor %s', async (name, cursor) => {
    const answer = answerPage('list', { limit: 2, cursor }, failing(name));

    await expect(answer).rejects.toMatchObject({ name });
  });
});

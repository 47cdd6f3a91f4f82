import fc from 'fast-check';

/** Values of every kind, most of them invalid anywhere. */
const anything = fc.oneof(
  fc.constantFrom(null, true, '', [], {}, 'EUR', 'eur', 'log', 'a@b', 'a@b.co', 'a\n'),
  fc.constantFrom(
    '\u0000',
    'x'.repeat(129),
    'x'.repeat(1_000),
    ' ',
    '2026-01-31',
    '1970-01-01T00:00:00.000Z',
  ),
  fc.constantFrom(-1, 0, 0.5, 1, 100_000, 100_001, 1_000_000_001, 1e15, 1e15 + 1, 2 ** 53),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
);

/** A text with one character replaced, inserted or removed. */
const edited = (text: string): fc.Arbitrary<string> =>
  fc
    .record({
      at: fc.nat(text.length),
      gone: fc.nat(1),
      put: fc.constantFrom('', ...'019aGZ-.:@/ \né\u0000'),
    })
    .map(({ at, gone, put }) => text.slice(0, at) + put + text.slice(at + gone));

/** The value with one change, at any depth: something replaced, edited, removed, doubled or added. */
export function damaged(value: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(value)) {
    const inside = value.map((item: unknown, index) =>
      damaged(item).map((other) => value.map((old: unknown, at) => (at === index ? other : old))),
    );
    const lengths = [[], [...value, ...value], Array.from({ length: 1_001 }, () => value[0])];
    return fc.oneof(...inside, fc.constantFrom(...lengths), anything);
  }
  if (typeof value === 'object' && value !== null) {
    const inside = Object.entries(value).flatMap(([key, field]) => {
      const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
      // Fields further down should be hit as often as those above.
      return [
        { weight: 1, arbitrary: fc.constant(rest) },
        { weight: 2 * sizeOf(field), arbitrary: damaged(field).map((other) => ({ ...value, [key]: other })) },
      ];
    });
    return fc.oneof(
      ...inside,
      fc.record({ added: anything }).map((added) => ({ ...value, ...added })),
    );
  }
  return typeof value === 'string' ? fc.oneof(edited(value), anything) : anything;
}

const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce((total: number, field) => total + sizeOf(field), 1)
    : 1;

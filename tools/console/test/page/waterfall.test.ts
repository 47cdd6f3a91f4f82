import fc from 'fast-check';
import { onlyFailed, ticks, waterfall } from '../../page/model/waterfall.ts';
import type { SpanEntry } from '../../src/api.ts';

const span = (
  spanId: string,
  startTime: number,
  duration: number,
  more: Partial<SpanEntry> = {},
): SpanEntry => ({
  traceId: 't',
  spanId,
  service: 'orders',
  name: spanId,
  kind: 'internal',
  startTime,
  duration,
  outcome: 'ok',
  attributes: {},
  ...more,
});

const names = (spans: readonly SpanEntry[]) =>
  waterfall(spans).map((act) => act.rows.map((row) => `${'>'.repeat(row.depth)}${row.span.name}`));

describe('The waterfall of an order', () => {
  it('shows children below their parents, in order of time', () => {
    const spans = [
      span('publish', 20, 5, { parentSpanId: 'request' }),
      span('request', 0, 30),
      span('write', 5, 8, { parentSpanId: 'request' }),
      span('consume', 26, 10, { parentSpanId: 'publish' }),
    ];
    expect(names(spans)).toEqual([['request', '>write', '>publish', '>>consume']]);
  });

  it('starts a new act after a second of silence', () => {
    const acts = waterfall([span('place', 0, 50), span('retry', 5050, 4), span('ship', 3_600_000, 20)]);
    expect(acts.map(({ after, duration }) => [after, duration])).toEqual([
      [0, 50],
      [5000, 4],
      [3_594_946, 20],
    ]);
  });

  it('places bars in percent of their act', () => {
    const [act] = waterfall([span('a', 1000, 100), span('b', 1050, 25)]);
    expect(act?.rows.map(({ left, width }) => [left, width])).toEqual([
      [0, 100],
      [50, 25],
    ]);
  });

  it('keeps a span visible that takes no time', () => {
    const [act] = waterfall([span('a', 0, 100), span('b', 100, 0)]);
    const last = act?.rows.at(-1);
    expect(last?.width).toBeGreaterThan(0);
    expect((last?.left ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(100);
  });

  it('shows each span once and within the axis, whatever their parents are', () => {
    const entry = fc.record({
      id: fc.integer({ min: 0, max: 8 }),
      parent: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
      start: fc.integer({ min: 0, max: 5000 }),
      duration: fc.integer({ min: 0, max: 500 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: ({ id }) => id }), (entries) => {
        const spans = entries.map(({ id, parent, start, duration }) =>
          span(`${id}`, start, duration, parent === undefined ? {} : { parentSpanId: `${parent}` }),
        );
        const rows = waterfall(spans).flatMap((act) => act.rows);
        expect(rows.map((row) => row.span.spanId).toSorted()).toEqual(
          spans.map((each) => each.spanId).toSorted(),
        );
        for (const { left, width } of rows) {
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left + width).toBeLessThanOrEqual(100.001);
        }
      }),
    );
  });

  it('keeps failed spans with their ancestors when only failures are asked for', () => {
    const spans = [
      span('request', 0, 30),
      span('write', 5, 8, { parentSpanId: 'request' }),
      span('publish', 20, 5, { parentSpanId: 'request' }),
      span('consume', 26, 10, { parentSpanId: 'publish', outcome: 'error' }),
    ];
    expect(onlyFailed(spans).map(({ name }) => name)).toEqual(['request', 'publish', 'consume']);
  });

  it.each([
    [0, [0]],
    [97, [0, 20, 40, 60, 80]],
    [1000, [0, 200, 400, 600, 800, 1000]],
  ])('has round ticks for an axis of %d ms', (duration, expected) => {
    expect(ticks(duration)).toEqual(expected);
  });
});

import { eventTypes, type Topic } from '@orderly/contracts';
import { eventFilter } from '../../src/google/event-filter.ts';
import { parseFilter } from '../../src/google/pubsub/filter.ts';

const all = ['a.b.one.v1', 'a.b.two.v1', 'a.b.three.v1'];

describe('The filter of a subscription', () => {
  it('lets through the selected types', () => {
    const filter = parseFilter(eventFilter(['a.b.one.v1', 'a.b.two.v1'], all));
    expect(all.map((type) => filter({ type }))).toEqual([true, true, false]);
  });

  it('is none where every type is selected', () => {
    expect(eventFilter(all, all)).toBe('');
  });

  it('is none where it would be longer than Pub/Sub takes', () => {
    const long = ['x', 'y', 'z'].map((letter) => letter.repeat(100));
    expect(eventFilter(long, [...long, 'other'])).toBe('');
  });

  it.each(Object.keys(eventTypes) as Topic[])('is valid for all types of %s but one', (topic) => {
    const types: readonly string[] = eventTypes[topic];
    expect(() => parseFilter(eventFilter(types.slice(1), types))).not.toThrow();
  });
});

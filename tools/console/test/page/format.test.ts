import {
  ago,
  bytes,
  clock,
  counted,
  dateAndTime,
  duration,
  moment,
  money,
  prettyJson,
  shortId,
} from '../../page/model/format.ts';

describe('The page', () => {
  it.each([
    [0.42, '0.4 ms'],
    [7, '7 ms'],
    [31.6, '32 ms'],
    [2400, '2.4 s'],
    [42_000, '42 s'],
    [185_000, '3 min 5 s'],
    [180_000, '3 min'],
    [7_440_000, '2 h 4 min'],
    [90_000_000, '1 d 1 h'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [1250, 'EUR', '€12.50'],
    [1250, 'JPY', '¥1,250'],
    [1250, 'KWD', 'KWD 1.250'],
  ])('writes %d minor units of %s as %s', (minor, currency, text) => {
    expect(money(minor, currency, 'en').replaceAll('\u00a0', ' ')).toBe(text);
  });

  it('writes an amount of an unknown currency as it is', () => {
    expect(money(1250, 'not a currency')).toBe('1250 not a currency (minor units)');
  });

  it('writes local time with milliseconds', () => {
    const at = new Date(2026, 10, 29, 12, 0, 1, 85).getTime();
    expect(clock(at)).toBe('12:00:01.085');
    expect(dateAndTime(at)).toBe('2026-11-29 12:00:01.085');
    expect(moment(at, at + 1000)).toBe('12:00:01.085');
    expect(moment(at, at + 86_400_000)).toBe('2026-11-29 12:00:01.085');
  });

  it.each([
    [900, 'just now'],
    [-500, 'just now'],
    [12_900, '12 s ago'],
    [185_000, '3 min 5 s ago'],
  ])('says of what was %d ms ago: %s', (passed, text) => {
    expect(ago(1_000_000, 1_000_000 + passed)).toBe(text);
  });

  it('counts in singular and plural', () => {
    expect([counted(1, 'message'), counted(1200, 'message'), counted(2, 'delivery', 'deliveries')]).toEqual([
      '1 message',
      '1,200 messages',
      '2 deliveries',
    ]);
  });

  it('writes sizes in the unit that fits', () => {
    expect([bytes(512), bytes(2048), bytes(3_145_728)]).toEqual(['512 B', '2.0 kB', '3.0 MB']);
  });

  it('shortens ids of orders and leaves names alone', () => {
    expect(shortId('a3da9915-e501-4f0e-9d3b-0f6c6b1d8a11')).toBe('a3da9915-e501');
    expect(shortId('MUG')).toBe('MUG');
  });

  it('prints JSON pretty and other text as it is', () => {
    expect(prettyJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(prettyJson('not { json')).toBe('not { json');
    expect(prettyJson({ a: 1 })).toBe('{\n  "a": 1\n}');
  });
});

import { Dice } from '../src/world/dice.ts';

const times = <T>(count: number, draw: () => T): readonly T[] => Array.from({ length: count }, draw);

it('the same seed and name draw the same, now and in every version', () => {
  const dice = new Dice(7, 'world');
  const other = new Dice(7, 'world');
  expect(times(100, () => dice.word())).toEqual(times(100, () => other.word()));
  const fixed = new Dice(7, 'world');
  expect([fixed.word(), fixed.int(1, 6), fixed.uuid()]).toMatchInlineSnapshot(`
[
  524711450,
  4,
  "e1dedfe0-1f28-480d-937c-f5a151803a75",
]
`);
});

it('another seed draws something else, and so does another name', () => {
  const draws = [new Dice(7, 'world'), new Dice(8, 'world'), new Dice(7, 'ties')].map((dice) =>
    times(4, () => dice.word()).join(),
  );
  expect(new Set(draws).size).toBe(3);
});

it('a draw of one part does not shift what another gets', () => {
  const [one, untouched] = [new Dice(7, 'one'), new Dice(7, 'other')];
  const expected = times(5, () => new Dice(7, 'other').word())[0];
  times(10, () => one.word());
  expect(untouched.word()).toBe(expected);
});

it('a UUID has the form of version 4, and is no other', () => {
  const dice = new Dice(1, 'uuids');
  const uuids = times(500, () => dice.uuid());
  for (const uuid of uuids)
    expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(new Set(uuids).size).toBe(uuids.length);
});

it('int draws every number of its range, both ends included', () => {
  const dice = new Dice(1, 'ints');
  expect(new Set(times(200, () => dice.int(-1, 2)))).toEqual(new Set([-1, 0, 1, 2]));
});

it('chance is as likely as it says', () => {
  const dice = new Dice(1, 'chances');
  const share = (probability: number): number =>
    times(2_000, () => dice.chance(probability)).filter(Boolean).length / 2_000;
  expect(share(0)).toBe(0);
  expect(share(1)).toBe(1);
  expect(share(0.3)).toBeGreaterThan(0.25);
  expect(share(0.3)).toBeLessThan(0.35);
});

it('exponential has the mean that it is given', () => {
  const dice = new Dice(1, 'exponential');
  const draws = times(5_000, () => dice.exponential(20));
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  expect(mean).toBeGreaterThan(18);
  expect(mean).toBeLessThan(22);
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
});

it('fill writes every byte of a view, and none beside it', () => {
  const bytes = Buffer.alloc(10, 0);
  new Dice(1, 'bytes').fill(bytes.subarray(2, 9));
  expect([bytes[0], bytes[1], bytes[9]]).toEqual([0, 0, 0]);
  expect([...bytes.subarray(2, 9)].filter((byte) => byte !== 0).length).toBeGreaterThan(4);
});

it('nothing can be picked from an empty list', () => {
  expect(() => new Dice(1, 'picks').pick([])).toThrow(RangeError);
});

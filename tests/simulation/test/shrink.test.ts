import { type Attempt, shrink } from '../src/shrink.ts';

const KINDS = ['answer lost', 'throttled', 'poison'];

/** A run that fails under a condition, and in which every kind comes that is not left out. */
const failsWhen =
  (condition: (orders: number, kinds: readonly string[]) => boolean): Attempt =>
  async ({ orders, faults, without }) => {
    const kinds = KINDS.filter((kind) => faults !== 'none' && !without.includes(kind));
    return condition(orders, kinds) ? { kinds } : undefined;
  };

const shrunk = (attempt: Attempt, orders = 100) =>
  shrink({ orders, faults: 'heavy', without: [], kinds: KINDS }, attempt);

it('halves the orders while the run fails', async () => {
  expect(await shrunk(failsWhen((orders) => orders >= 20))).toMatchObject({ orders: 25 });
});

it('leaves out every kind that the failure does not need', async () => {
  const found = await shrunk(failsWhen((_, kinds) => kinds.includes('throttled')));

  expect(found).toEqual({
    orders: 1,
    faults: 'heavy',
    without: ['answer lost', 'poison'],
    kinds: ['throttled'],
  });
});

it('leaves out all faults at once when the failure needs none', async () => {
  let attempts = 0;
  const always = failsWhen(() => {
    attempts++;
    return true;
  });

  expect(await shrunk(always, 1)).toEqual({ orders: 1, faults: 'none', without: [], kinds: [] });
  expect(attempts).toBe(1);
});

it('halves the orders again when fewer kinds have made that possible', async () => {
  const attempt = failsWhen((orders, kinds) => orders >= (kinds.includes('poison') ? 50 : 10));

  expect(await shrunk(attempt)).toMatchObject({ orders: 12 });
});

it('keeps a run that fails only as it is', async () => {
  const attempt = failsWhen((orders, kinds) => orders === 100 && kinds.length === KINDS.length);

  expect(await shrunk(attempt)).toEqual({ orders: 100, faults: 'heavy', without: [], kinds: KINDS });
});

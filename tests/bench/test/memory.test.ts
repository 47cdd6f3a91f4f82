import type { FunctionFigures } from '../src/memory/figures.ts';
import { chosenSetting, pricePerMillion, shareOf } from '../src/memory/settings.ts';
import { tables } from '../src/memory/tables.ts';

const same = (ms: number) => ({ q1: ms, median: ms, q3: ms });
const setting = (memoryMb: number, cold: number, warm: number) => ({
  memoryMb,
  loadMs: same(cold / 2),
  firstMs: same(cold),
  warmMs: same(warm),
});

/** A function that computes for 5 ms and waits for 15. */
const aFunction: FunctionFigures = {
  name: 'orders/place-order',
  isAwaited: true,
  memoryMb: 512,
  peakMiB: 70,
  settings: [
    setting(128, 1_400, 90),
    setting(256, 700, 50),
    setting(512, 350, 32),
    setting(1_024, 175, 24),
    setting(1_769, 100, 20),
  ],
};

it('a function has a whole core at 1,769 MB, and of less memory its share', () => {
  expect(shareOf(1_769)).toBe(1);
  expect(shareOf(128)).toBeCloseTo(0.0724, 4);
});

it('an invocation costs its request and the GB-seconds of whole milliseconds', () => {
  // 0.20 USD for the requests; 0.1 s of 0.5 GB are 0.05 GB-seconds at 0.0000133334 USD.
  expect(pricePerMillion(512, 100)).toBeCloseTo(0.2 + 0.666_67, 4);
  expect(pricePerMillion(512, 99.2)).toBe(pricePerMillion(512, 100));
});

describe('the memory that follows', () => {
  it('is the cheapest that is fast enough for somebody who waits', () => {
    // 256 MB would be cheaper: 0.37 instead of 0.41 USD.
    expect(chosenSetting(aFunction).memoryMb).toBe(512);
  });

  it('is less where nobody waits', () => {
    expect(chosenSetting({ ...aFunction, isAwaited: false }).memoryMb).toBe(256);
  });

  it('is more where a warm call would take too long', () => {
    const settings = [setting(256, 400, 120), setting(1_024, 300, 90), setting(1_769, 300, 80)];

    expect(chosenSetting({ ...aFunction, settings }).memoryMb).toBe(1_024);
  });

  it('is twice of what the process needs here at least', () => {
    const settings = [setting(128, 100, 20), setting(1_024, 90, 20)];

    expect(chosenSetting({ ...aFunction, settings }).memoryMb).toBe(1_024);
    expect(chosenSetting({ ...aFunction, settings, peakMiB: 64 }).memoryMb).toBe(128);
  });

  it('is the most where none keeps the limits', () => {
    const settings = [setting(256, 3_000, 900), setting(512, 2_000, 500)];

    expect(chosenSetting({ ...aFunction, settings }).memoryMb).toBe(512);
  });
});

it('the tables have what is set and what follows, and a row for each setting', () => {
  const [following, ofFunction, accuracy] = tables({
    node: '24.0.0',
    rounds: 7,
    functions: [aFunction],
    accuracy: [{ memoryMb: 512, ofShare: 0.987 }],
  });

  expect(following?.rows).toEqual([
    ['`orders/place-order`', 'yes', '512 MB', '512 MB', '350', '32', '0.41', '70'],
  ]);
  expect(ofFunction?.rows).toHaveLength(5);
  expect(ofFunction?.rows[2]).toEqual([
    '**512 MB**',
    '0.29',
    '175',
    '350 (350 to 350)',
    '32 (32 to 32)',
    '0.41',
    '2.53',
  ]);
  expect(accuracy?.rows).toEqual([['had of its share', '0.99']]);
});

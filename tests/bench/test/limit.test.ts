import { measureShare } from '../src/limit/accuracy.ts';

it.each([
  ['128 MB', 128 / 1_769],
  ['512 MB', 512 / 1_769],
])(
  'a program that only computes has the share of a core of %s',
  async (_, share) => {
    // Programs beside it take of a share and never add to it, so the best of three counts.
    const shares = [];
    for (let run = 0; run < 3; run++) shares.push(await measureShare(share, 60));

    expect(Math.max(...shares) / share).toBeGreaterThan(0.6);
    expect(Math.max(...shares) / share).toBeLessThan(1.3);
  },
  60_000,
);

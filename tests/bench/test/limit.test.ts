import { measureShare } from '../src/limit/accuracy.ts';

it.each([
  ['128 MB', 128 / 1_769],
  ['512 MB', 512 / 1_769],
])('a program that only computes has no more than the share of a core of %s, and ends', async (_, share) => {
  // Programs beside it take of a share, so that it may be less; one of three runs is least disturbed.
  const shares = [];
  for (let run = 0; run < 3; run++) shares.push(await measureShare(share, 60));

  expect(Math.max(...shares) / share).toBeLessThan(1.3);
});

import { measureShare } from '../src/limit/accuracy.ts';

it.each([
  ['128 MB', 128 / 1_769],
  ['512 MB', 512 / 1_769],
])(
  'a program that only computes has the share of a core of %s that a busy machine leaves it',
  async (_, share) => {
    // Programs beside it take of a share and never add to it: so much do they leave to a program without a limit.
    const [limited, unlimited]: [number[], number[]] = [[], []];
    for (let run = 0; run < 3; run++) {
      limited.push(await measureShare(share, 60));
      unlimited.push(await measureShare(1, 60));
    }

    expect(Math.max(...limited) / share).toBeGreaterThan(0.6 * Math.min(1, ...unlimited));
    expect(Math.max(...limited) / share).toBeLessThan(1.3);
  },
);

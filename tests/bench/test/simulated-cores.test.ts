import { createRandom } from '@orderly/demo/random';
import { Cores } from '../src/simulation/cores.ts';
import { EventQueue } from '../src/simulation/event-queue.ts';

/** Jobs that come at random, one in 1.25 ms, of which each needs 1 ms on average. */
function meanTimeOf(work: () => number, seed: number): number {
  const events = new EventQueue();
  const random = createRandom(seed);
  const cores = new Cores(events, 1);
  let [ended, time] = [0, 0];
  const arrive = (): void => {
    const at = events.now;
    cores.run(work(), () => {
      ended += 1;
      time += events.now - at;
    });
    events.after(random.exponential(1.25), arrive);
  };
  events.after(0, arrive);
  events.run(400_000);
  return time / ended;
}

// Where jobs share one core evenly, the mean time in it is 1 / (mu - lambda) for any distribution of the work:
// https://en.wikipedia.org/wiki/Processor_sharing
it('takes as long as theory says for jobs of exponential length', () => {
  const random = createRandom(1);

  expect(Math.abs(meanTimeOf(() => random.exponential(1), 7) / 5 - 1)).toBeLessThan(0.05);
});

it('takes as long for jobs that are all of one length', () => {
  expect(Math.abs(meanTimeOf(() => 1, 7) / 5 - 1)).toBeLessThan(0.05);
});

it('gives one job no more than one core, and three jobs two thirds of one', () => {
  const events = new EventQueue();
  const cores = new Cores(events, 2);
  const ends: number[] = [];
  cores.run(10, () => {
    ends.push(events.now);
    for (let job = 0; job < 3; job += 1) cores.run(10, () => ends.push(events.now));
  });
  events.run();

  expect(ends.map(Math.round)).toEqual([10, 25, 25, 25]);
  expect(cores.usedMs).toBe(40);
});

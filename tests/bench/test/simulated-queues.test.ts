import { createRandom, type Random } from '@orderly/demo/random';
import { EventQueue } from '../src/simulation/event-queue.ts';
import { Station } from '../src/simulation/station.ts';

// Queues of which theory knows the mean wait: https://en.wikipedia.org/wiki/M/M/c_queue,
// https://en.wikipedia.org/wiki/M/D/1_queue. One customer comes every 1.25 or 0.625 ms, a service takes 1 ms.

interface Run {
  readonly meanWait: number;
  readonly entered: number;
  readonly left: number;
  readonly inside: number;
}

function run(servers: number, interval: number, service: (random: Random) => number, untilMs = 400_000): Run {
  const events = new EventQueue();
  const random = createRandom(20_240_611);
  const station = new Station(events, servers);
  let [entered, left, waits] = [0, 0, 0];
  const arrive = (): void => {
    entered += 1;
    station.serve(service(random), (waited) => {
      left += 1;
      waits += waited;
    });
    events.after(random.exponential(interval), arrive);
  };
  events.after(0, arrive);
  events.run(untilMs);
  return { meanWait: waits / left, entered, left, inside: station.waiting + station.busy };
}

const exponential = (random: Random): number => random.exponential(1);
const constant = (): number => 1;

/** As a ratio of what theory says, so that a failure tells by how much it is off. */
const ratio = (actual: number, expected: number): number => actual / expected;

it('waits as long as an M/M/1 queue: rho / (mu - lambda)', () => {
  const { meanWait } = run(1, 1.25, exponential);

  expect(Math.abs(ratio(meanWait, 0.8 / (1 - 0.8)) - 1)).toBeLessThan(0.04);
});

it('waits as long as an M/D/1 queue: half of that', () => {
  const { meanWait } = run(1, 1.25, constant);

  expect(Math.abs(ratio(meanWait, 0.8 / (2 * (1 - 0.8))) - 1)).toBeLessThan(0.04);
});

it('waits as long as an M/M/2 queue: rho^2 / (mu (1 - rho^2))', () => {
  const { meanWait } = run(2, 0.625, exponential);

  expect(Math.abs(ratio(meanWait, 0.8 ** 2 / (1 - 0.8 ** 2)) - 1)).toBeLessThan(0.04);
});

it.each([1, 2])('loses nobody before %i server(s), also where more come than it serves', (servers) => {
  const { entered, left, inside } = run(servers, 0.3, exponential, 20_000);

  expect(inside).toBeGreaterThan(1000);
  expect(left + inside).toBe(entered);
});

it('gives the same figures for the same seed', () => {
  expect(run(1, 1.25, exponential, 20_000)).toEqual(run(1, 1.25, exponential, 20_000));
});

import type { Task } from './outcome.ts';

/** A run that every test repeats, because of what it once found or where it leads. */
export interface FixedSeed {
  readonly task: Pick<Task, 'seed' | 'orders' | 'faults'>;
  readonly why: string;
  /** Kinds of faults and incidents without which it would not lead there any more. */
  readonly reaches: readonly string[];
}

export const FIXED_SEEDS: readonly FixedSeed[] = [
  {
    task: { seed: 101, orders: 60, faults: 'heavy' },
    why: 'nearly everything that can happen to a platform happens to it',
    reaches: [
      ...['a release, and back', 'a service is away', 'another team deletes its queues and makes them again'],
      ...['a stream is not read for longer than an iterator lives', 'poison', 'SES takes no mail'],
    ],
  },
  {
    task: { seed: 104, orders: 60, faults: 'heavy' },
    why: 'an invocation of a container that had been killed while it was frozen never ended, and its events were lost',
    reaches: ['killed after', 'shards split'],
  },
  {
    task: { seed: 25, orders: 150, faults: 'swarm' },
    why: 'a failing subscription held the others for minutes, and a mail that was sent stayed PENDING for ever',
    reaches: ["another team's queue takes nothing", 'batch invoked twice', 'refused', 'wrong clock'],
  },
  {
    task: { seed: 49, orders: 150, faults: 'swarm' },
    why: 'a publisher that had done nothing for minutes used a list of subscriptions that was as old',
    reaches: ['another team deletes its queues and makes them again', 'throttled'],
  },
  {
    task: { seed: 287, orders: 1_000, faults: 'heavy' },
    why: 'a batch was invoked twice on its last receive, and a customer read of the shipment before the confirmation',
    reaches: ['batch invoked twice', 'slow call', 'SES takes no mail'],
  },
  {
    task: { seed: 318, orders: 1_000, faults: 'swarm' },
    why: 'a redrive left what one that was killed still held, and ended with 0',
    reaches: ['somebody redrives too early', 'no answer'],
  },
];

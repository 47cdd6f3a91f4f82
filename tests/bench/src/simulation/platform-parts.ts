import type { Random } from '@orderly/demo/random';
import { fixedShare } from './assumptions.ts';
import type { AccountConcurrency } from './concurrency.ts';
import type { Configuration } from './configuration.ts';
import type { EventQueue } from './event-queue.ts';

/** What every part of the simulated platform works with. */
export interface World {
  readonly events: EventQueue;
  readonly random: Random;
  readonly account: AccountConcurrency;
  readonly configuration: Configuration;
  /** Environments that each function has before the first order comes. */
  readonly warmEnvironments: number;
}

/** A time that varies around its mean. */
export const vary = (random: Random, meanMs: number): number =>
  meanMs * (fixedShare.value + random.exponential(1 - fixedShare.value));

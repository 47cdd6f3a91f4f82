import { unitPrices } from '../cost/prices.ts';
import type { FunctionFigures, SettingFigures } from './figures.ts';

/** Settings to choose from, in MB: the least, powers of two, and what gives a whole core. */
export const sizes = [128, 256, 512, 1_024, 1_769] as const;
/** Without those between them. */
export const quickSizes = [128, 512, 1_769] as const;

/**
 * "At 1,769 MB, a function has the equivalent of one vCPU", and less in proportion:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
const MB_OF_A_CORE = 1_769;

export const shareOf = (memoryMb: number): number => memoryMb / MB_OF_A_CORE;

const MILLION = 1_000_000;

/** USD for a million invocations on arm64 that take so long; Lambda charges whole milliseconds. */
export function pricePerMillion(memoryMb: number, ms: number): number {
  const gbSeconds = (Math.ceil(ms) / 1000) * (memoryMb / 1024);
  return (unitPrices.lambdaRequests + gbSeconds * unitPrices.lambdaGbSeconds) * MILLION;
}

/** What a setting must come to, in milliseconds. */
export interface Limits {
  /** Load and first call. */
  readonly coldMs: number;
  readonly warmMs: number;
}

/**
 * Eight functions run until the customer of an order is notified: all of them cold, that is to take less than four
 * seconds. Others have more time.
 */
export const limits = {
  awaited: { coldMs: 450, warmMs: 100 },
  others: { coldMs: 2_000, warmMs: 1_000 },
} as const satisfies Record<string, Limits>;

/** Lambda's runtime and large batches need memory too, which these runs do not have. */
export const MEMORY_OF_PEAK = 2;

const limitsOf = ({ isAwaited }: FunctionFigures): Limits => (isAwaited ? limits.awaited : limits.others);

export const warmPrice = ({ memoryMb, warmMs }: SettingFigures): number =>
  pricePerMillion(memoryMb, warmMs.median);

export const coldPrice = ({ memoryMb, firstMs }: SettingFigures): number =>
  pricePerMillion(memoryMb, firstMs.median);

/**
 * The setting that follows from a function's figures: of those with enough memory whose medians keep the limits, the
 * one whose warm invocations cost least. Where none keeps them, the most memory of all.
 */
export function chosenSetting(figures: FunctionFigures): SettingFigures {
  const { coldMs, warmMs } = limitsOf(figures);
  const kept = figures.settings.filter(
    ({ memoryMb, ...each }) =>
      memoryMb >= figures.peakMiB * MEMORY_OF_PEAK &&
      each.firstMs.median <= coldMs &&
      each.warmMs.median <= warmMs,
  );
  const [chosen = figures.settings.at(-1)] = kept.sort((one, other) => warmPrice(one) - warmPrice(other));
  if (chosen === undefined) throw new RangeError(`There are no settings of ${figures.name}`);
  return chosen;
}

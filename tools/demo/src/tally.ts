/** How often each reason occurred. */
export type Tally = Record<string, number>;

/** Counts one more (or `by` more) of a reason. */
export const count = (tally: Tally, reason: string, by = 1): void => {
  tally[reason] = (tally[reason] ?? 0) + by;
};

/** Everything that was counted. */
export const sum = (tally: Tally): number => Object.values(tally).reduce((total, n) => total + n, 0);

/** What a closed loop has placed. */
export interface LoopResult<Placed> {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** From the start to the last answer. */
  readonly seconds: number;
  readonly placed: readonly Placed[];
}

/**
 * Has so many clients place orders, each its next one when it has the answer to the last.
 *
 * @param seconds after which no client begins another order
 */
export async function closedLoop<Placed>(
  clients: number,
  seconds: number,
  place: () => Promise<Placed>,
): Promise<LoopResult<Placed>> {
  const placed: Placed[] = [];
  const startedAt = Date.now();
  const until = startedAt + seconds * 1000;
  const client = async (): Promise<void> => {
    while (Date.now() < until) placed.push(await place());
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { startedAt, seconds: (Date.now() - startedAt) / 1000, placed };
}

import type { ProblemError } from '@orderly/client';
import type { Answered } from '@orderly/support/driver';
import { inParallel } from '@orderly/support/parallel';
import type { Session } from './session.ts';
import { count, type Tally } from './tally.ts';
import type { Step } from './workload.ts';

/** What became known from the answers; the driver knows what was accepted. */
export interface Placing {
  /** Orders that the API refused, by its stable reason. */
  readonly refused: Tally;
  readonly cancellations: { accepted: number; readonly refused: Tally };
}

/**
 * Sends orders and cancellations in the sequence of the invoices, `session.concurrency` at once. A cancellation
 * waits for the answer to its order, not for the order's confirmation, so both ways of cancelling happen.
 */
export const placeOrders = async (
  { driver, run, concurrency }: Session,
  steps: readonly Step[],
): Promise<Placing> => {
  const placing: Placing = { refused: {}, cancellations: { accepted: 0, refused: {} } };
  const { refused, cancellations } = placing;
  const answers = new Map<string, Promise<Answered>>();
  await inParallel(steps, concurrency, async (step) => {
    const { invoiceNo, customer, lines } = step.order;
    if (step.kind === 'place') {
      const answer = driver.place({ customer, lines }, `demo-${run}-${invoiceNo}`);
      answers.set(invoiceNo, answer);
      const placed = await answer;
      if (placed.outcome === 'refused') count(refused, reasonOf(placed.problem));
      return;
    }
    // Steps start in order, so the step that places this order has started and will end.
    const placed = await answers.get(invoiceNo);
    if (placed?.outcome !== 'accepted') return count(cancellations.refused, 'its order was refused');
    const cancelled = await driver.cancel(placed.order.orderId);
    if (cancelled.outcome === 'accepted') cancellations.accepted += 1;
    else count(cancellations.refused, reasonOf(cancelled.problem));
  });
  return placing;
};

/** `422 too-many-skus`: the part of a problem that is the same for every order it befalls. */
const reasonOf = ({ status, type, title }: ProblemError): string =>
  `${status} ${type === 'about:blank' ? title : type.slice(type.lastIndexOf(':') + 1)}`;

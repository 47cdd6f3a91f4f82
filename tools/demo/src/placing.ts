import { setTimeout as pause } from 'node:timers/promises';
import type { Order, Problem, Result } from './api.ts';
import type { OrderPlan } from './order-plan.ts';
import { inParallel } from './parallel.ts';
import type { Session } from './session.ts';
import { count, type Tally } from './tally.ts';
import type { Step } from './workload.ts';

/** An order that the API accepted, as it was last read. */
export interface PlacedOrder {
  readonly plan: OrderPlan;
  latest: Order;
}

export interface Placing {
  readonly placed: PlacedOrder[];
  /** Orders that the API refused, by its stable reason. */
  readonly refused: Tally;
  /** Orders refused although every product of theirs is registered: the platform lost a product. */
  readonly lost: string[];
  readonly cancellations: { accepted: number; readonly refused: Tally };
}

const UNKNOWN_SKU = 'urn:orderly:problem:unknown-sku';

/**
 * Sends orders and cancellations in the sequence of the invoices, `session.concurrency` at once. A cancellation
 * waits for the answer to its order, not for the order's confirmation, so both ways of cancelling happen.
 *
 * @param onPlaced called after each order that was accepted
 */
export const placeOrders = async (
  session: Session,
  steps: readonly Step[],
  onPlaced: () => void = () => {},
): Promise<Placing> => {
  const placing: Placing = {
    placed: [],
    refused: {},
    lost: [],
    cancellations: { accepted: 0, refused: {} },
  };
  const answers = new Map<string, Promise<PlacedOrder | undefined>>();
  await inParallel(steps, session.concurrency, async (step) => {
    if (step.kind === 'place') {
      const answer = place(session, placing, step.order, onPlaced);
      answers.set(step.order.invoiceNo, answer);
      await answer;
    } else {
      // Steps start in order, so the step that places this order has started and will end.
      await cancel(session, placing, await answers.get(step.order.invoiceNo));
    }
  });
  return placing;
};

const place = async (
  session: Session,
  placing: Placing,
  plan: OrderPlan,
  onPlaced: () => void,
): Promise<PlacedOrder | undefined> => {
  const result = await placeUntilKnown(session, plan);
  if ('problem' in result) {
    const { problem } = result;
    count(placing.refused, reasonOf(problem));
    if (problem.type === UNKNOWN_SKU) placing.lost.push(`invoice ${plan.invoiceNo}: ${problem.detail}`);
    return undefined;
  }
  const order: PlacedOrder = { plan, latest: result.ok };
  placing.placed.push(order);
  onPlaced();
  return order;
};

/** Every product was registered before, so an unknown one is an event that has not arrived yet. */
const placeUntilKnown = async (
  { api, run, signal, stallMs }: Session,
  plan: OrderPlan,
): Promise<Result<Order>> => {
  const deadline = Date.now() + stallMs;
  for (;;) {
    const result = await api.placeOrder(plan, `demo-${run}-${plan.invoiceNo}`);
    const isEarly = 'problem' in result && result.problem.type === UNKNOWN_SKU;
    if (!isEarly || Date.now() > deadline) return result;
    await pause(250, undefined, { signal });
  }
};

const cancel = async (
  { api }: Session,
  { cancellations }: Placing,
  order: PlacedOrder | undefined,
): Promise<void> => {
  if (!order) return count(cancellations.refused, 'its order was refused');
  const result = await api.cancelOrder(order.latest.orderId);
  if ('problem' in result) return count(cancellations.refused, reasonOf(result.problem));
  cancellations.accepted += 1;
  order.latest = result.ok;
};

/** `422 too-many-skus`: the part of a problem that is the same for every order it befalls. */
const reasonOf = ({ status, type, title }: Problem): string =>
  `${status} ${type === 'about:blank' ? title : type.slice(type.lastIndexOf(':') + 1)}`;

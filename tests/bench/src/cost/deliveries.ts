import { clientOf } from '@orderly/support/client';
import { settle } from '@orderly/support/quiet';
import { startReceiver } from '@orderly/support/receiver';
import { assumptions } from './assumptions.ts';
import type { Life, Step } from './life.ts';
import type { Meter } from './meter.ts';
import type { MeteredPlatform } from './metered-platform.ts';
import type { Run } from './run.ts';
import { anOrder, STALL_MS, skusOf, stepsOf } from './walk.ts';

/** The events of an order that is shipped, by the step that publishes each. */
const delivered = { placed: 'OrderPlaced', confirmed: 'OrderConfirmed', shipped: 'OrderShipped' } as const;
type DeliveringStep = keyof typeof delivered;

export const DELIVERIES_OF_AN_ORDER = Object.keys(delivered).length;

/**
 * What the life of an order is where an endpoint gets each event of it, once and alone: orders are placed one after the
 * other, each with an endpoint for one event, whose server accepts it at once.
 *
 * @param life counted before on this platform, of orders of so many lines
 * @throws Error when a function of such a life does not run, another one does, or an event does not arrive once
 */
export async function walkDeliveries(platform: MeteredPlatform, life: Life, lines: number): Promise<Life> {
  const { orders } = clientOf(platform.record);
  const { meter } = platform;
  const place = () => orders.placeOrder(anOrder(skusOf(lines)));
  const untilNotified = ['placed', 'reserved', 'confirmed', 'notified'] as const;

  const placed = await withEndpoint(platform, 'placed', async (more) => {
    await place();
    return stepsOf(meter, untilNotified, more);
  });
  const confirmed = await withEndpoint(platform, 'confirmed', async (more) => {
    const order = await place();
    return { order, steps: await stepsOf(meter, untilNotified, more) };
  });
  const shipped = await withEndpoint(platform, 'shipped', async (more) => {
    await orders.shipOrder(confirmed.order);
    return stepsOf(meter, ['shipped'], more);
  });
  const counted = { placed: placed.placed, confirmed: confirmed.steps.confirmed, shipped: shipped.shipped };
  const steps = Object.fromEntries(
    Object.entries(counted).map(([step, runs]) => [step, withWebhooksOf(life.steps[step as Step], runs)]),
  );
  return { ...life, steps: { ...life.steps, ...steps } };
}

type Steps = Parameters<typeof stepsOf>[2];

/** Registers an endpoint for the event of a step, and deletes it when `work` is done. */
async function withEndpoint<T>(
  { record, meter }: MeteredPlatform,
  step: DeliveringStep,
  work: (more: Steps) => Promise<T>,
): Promise<T> {
  const { webhooks } = clientOf(record);
  const receiver = await startReceiver();
  try {
    const { endpointId } = await webhooks.registerEndpoint({
      body: { url: receiver.url, events: [delivered[step]] },
    });
    await untilEnded(meter, 'register-endpoint');
    const result = await work({ [step]: [['webhooks/deliver', `work on ${endpointId}`]] });
    const { length } = receiver.requests;
    if (length !== 1) throw new Error(`${delivered[step]} arrived ${length} times, not once`);
    await webhooks.deleteEndpoint({ endpointId });
    await untilEnded(meter, 'delete-endpoint');
    return result;
  } finally {
    await receiver.close();
  }
}

/** Waits for the one run that has answered a request of ours, and takes it out of the count. */
async function untilEnded(meter: Meter, functionName: string): Promise<void> {
  const isMissing = () => Number(!meter.ended.some((run) => run.functionName === functionName));
  if (!(await settle(isMissing, { stallMs: STALL_MS }))) throw new Error(`${functionName} did not end`);
  meter.take();
}

/** What webhooks has done, with what others did in the life that it is compared with, as log lines vary by a few bytes. */
const withWebhooksOf = (before: readonly Run[], runs: readonly Run[]): readonly Run[] => [
  ...before.filter(({ service }) => service !== 'webhooks'),
  ...runs
    .filter(({ service }) => service === 'webhooks')
    .map((run) => (run.functionName === 'deliver' ? { ...run, waitsMs: assumptions.endpointMs } : run)),
];

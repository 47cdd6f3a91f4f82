import { ProductUpserted } from '@orderly/contracts';
import { clientOf } from '@orderly/support/client';
import { settle } from '@orderly/support/quiet';
import { functionOf, type Life, type Step, steps, untilNotified, webhookSteps } from './life.ts';
import type { Meter, MeteredInvocation } from './meter.ts';
import type { MeteredPlatform } from './metered-platform.ts';
import { isLookUp } from './run.ts';

/** Without progress for so long, something is amiss. */
export const STALL_MS = 60_000;

/**
 * Takes two orders, one after the other and nothing beside them, through their lives: both are placed and come to
 * their notification, then one is shipped and the other cancelled. No endpoint is registered at webhooks, which consumes
 * their events all the same.
 *
 * @param lines how many products each of them has, 1 to 99
 * @param firstSku the number of the first of them; a second walk on the same platform needs others
 * @throws Error when a function of such a life does not run, or another one does
 */
export async function walkOrders(
  { record, meter }: MeteredPlatform,
  lines: number,
  firstSku = 1000,
): Promise<Life> {
  const { orders, inventory } = clientOf(record);
  const skus = skusOf(lines, firstSku);
  const place = () => orders.placeOrder(anOrder(skus));

  for (const sku of skus) {
    await inventory.putProduct({ sku, body: { name: 'Mug, white, 300 ml', price: 1250, currency: 'EUR' } });
    await inventory.adjustStock({ sku, body: { quantity: 100, reason: 'first delivery' } });
  }
  await areKnown(meter, lines);
  const stocked = meter.take();

  const first = await place();
  const placed = await stepsOf(meter, untilNotified);
  await orders.shipOrder(first);
  const shipped = await stepsOf(meter, ['shipped']);
  const second = await place();
  await stepsOf(meter, untilNotified);
  await orders.cancelOrder(second);
  const cancelled = await stepsOf(meter, ['cancelled']);
  const life = { ...placed, ...shipped, ...cancelled };
  return { steps: life, lookUpRequests: lookUpRequests([...stocked, ...Object.values(life).flat()]) };
}

/** So many products, beginning with the one of this number. */
export const skusOf = (lines: number, firstSku = 1000): readonly string[] =>
  Array.from({ length: lines }, (_, index) => `SKU-${firstSku + index}`);

/** Without a key, as the arithmetic of docs/cost.md has it. */
export const anOrder = (skus: readonly string[]) => ({
  body: {
    customer: { id: 'customer-0001', email: 'customer-0001@example.com' },
    lines: skus.map((sku) => ({ sku, quantity: 2 })),
  },
});

/** Waits until so many products are upserted and stocked, published, and known to the orders service. */
async function areKnown(meter: Meter, products: number): Promise<void> {
  const missing = () => {
    const causes = meter.ended.flatMap(({ source, causes }) => (source === 'http' ? ['http'] : causes));
    const seen = (what: string) => causes.filter((cause) => cause === what).length;
    return 4 * products - seen('http') - seen(ProductUpserted.type);
  };
  if (!(await settle(missing, { stallMs: STALL_MS })))
    throw new Error('The orders service does not learn of every product');
}

/**
 * Waits until every function of these steps has run, and takes what was counted.
 *
 * @param more functions that run in a step beside those of every order
 */
export async function stepsOf<Name extends Step>(
  meter: Meter,
  names: readonly Name[],
  more: Readonly<Partial<typeof steps>> = {},
): Promise<Record<Name, readonly MeteredInvocation[]>> {
  const titlesIn = (step: Name) =>
    [steps, webhookSteps, more].flatMap((each) =>
      (each[step] ?? []).map(([fn, cause]) => `${fn} for ${cause}`),
    );
  const expected = names.flatMap(titlesIn);
  const missing = () => {
    const ended = meter.ended.map(titleOf);
    return expected.filter((title) => !ended.includes(title));
  };
  if (!(await settle(() => missing().length, { stallMs: STALL_MS })))
    throw new Error(`These functions did not run: ${missing().join(', ')}`);
  const taken = meter.take();
  const foreign = taken.map(titleOf).filter((title, place, all) => {
    return !expected.includes(title) || all.indexOf(title) !== place;
  });
  if (foreign.length > 0) throw new Error(`No order needs these functions: ${foreign.join(', ')}`);
  const byTitle = new Map(taken.map((invocation) => [titleOf(invocation), invocation]));
  const ofStep = (step: Name) => titlesIn(step).flatMap((title) => byTitle.get(title) ?? []);
  return Object.fromEntries(names.map((step) => [step, ofStep(step)])) as Record<Name, MeteredInvocation[]>;
}

const titleOf = (invocation: MeteredInvocation): string =>
  `${functionOf(invocation)} for ${invocation.causes.join(' and ')}`;

/** A publisher looks up all its subscriptions or none. */
function lookUpRequests(invocations: readonly MeteredInvocation[]): Life['lookUpRequests'] {
  const publishers = invocations.filter(({ source }) => source === 'stream');
  const requests: Record<string, number> = {};
  for (const { service, calls } of publishers)
    requests[service] = Math.max(requests[service] ?? 0, calls.filter(isLookUp).length);
  return requests;
}

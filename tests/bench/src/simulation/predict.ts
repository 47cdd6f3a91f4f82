import { createRandom } from '@orderly/demo/random';
import { type Percentiles, percentiles, rounded } from '../statistics.ts';
import { AccountConcurrency } from './concurrency.ts';
import { EventQueue } from './event-queue.ts';
import { type Counts, OrderFlow } from './order-flow.ts';
import type { Scenario, ScenarioName } from './scenarios.ts';

/** One look at a cell, at intervals. Ages are in seconds. */
export interface Sample {
  readonly second: number;
  readonly queueAge: Readonly<Record<string, number>>;
  readonly iteratorAge: Readonly<Record<string, number>>;
}

/** What becomes of orders that come at one rate under one scenario; counts and ages are of one cell. */
export interface Prediction {
  readonly ordersPerSecond: number;
  readonly scenario: ScenarioName;
  readonly cells: number;
  readonly seconds: number;
  readonly counts: Readonly<Counts>;
  /** Accepted and not yet told of at the end. */
  readonly underWay: number;
  /** From the request to OrderConfirmed in a queue, of the orders that came so far. Absent when none did. */
  readonly confirmedMs?: Percentiles;
  /** The most executions at once, by function. */
  readonly concurrency: Readonly<Record<string, number>>;
  readonly samples: readonly Sample[];
}

const mapped = <Of, To>(
  of: Readonly<Record<string, Of>>,
  to: (value: Of) => To,
): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, to(value)]));

/** So many samples are kept. */
const LOOKS = 12;

const seconds = (ms: number): number => rounded(ms / 1000, 2);

/** Lets orders come at random for so long, and stops there: what is under way then is counted as that. */
export function predict(
  ordersPerSecond: number,
  scenario: Scenario,
  forSeconds: number,
  seed: number,
): Prediction {
  const events = new EventQueue();
  const random = createRandom(seed);
  const { configuration, warmEnvironments, tables, cells } = scenario;
  const account = new AccountConcurrency(scenario.concurrency);
  const flow = new OrderFlow({ events, random, account, configuration, warmEnvironments }, tables);
  const intervalMs = (1000 * cells) / ordersPerSecond;
  const arrive = (): void => {
    flow.place();
    events.after(random.exponential(intervalMs), arrive);
  };
  events.after(random.exponential(intervalMs), arrive);

  const samples: Sample[] = [];
  for (let look = 1; look <= LOOKS; look += 1) {
    const second = (look * forSeconds) / LOOKS;
    events.run(second * 1000);
    samples.push({
      second,
      queueAge: mapped(flow.queues, ({ queue }) => seconds(queue.age(events.now))),
      iteratorAge: mapped(flow.streams, (stream) => seconds(stream.takeIteratorAge())),
    });
  }
  return {
    ordersPerSecond,
    scenario: scenario.name,
    cells,
    seconds: forSeconds,
    counts: { ...flow.counts },
    underWay: flow.underWay,
    ...(flow.confirmedMs.length > 0 && { confirmedMs: roundedPercentiles(flow.confirmedMs) }),
    concurrency: concurrencyOf(flow),
    samples,
  };
}

function roundedPercentiles(sample: readonly number[]): Percentiles {
  const { p50, p95, p99 } = percentiles(sample);
  return { p50: rounded(p50, 0), p95: rounded(p95, 0), p99: rounded(p99, 0) };
}

function concurrencyOf({ placeOrder, queues, streams }: OrderFlow): Readonly<Record<string, number>> {
  return {
    'place-order': placeOrder.peak,
    'orders publish-events': streams.orders.publisher.peak,
    'follow-orders': queues['order-events--inventory'].consumer.peak,
    'inventory publish-events': streams.inventory.publisher.peak,
    'follow-inventory': queues['inventory-events--orders'].consumer.peak,
    'notify-customer': queues['order-events--notifications'].consumer.peak,
    'notifications publish-events': streams.notifications.publisher.peak,
  };
}

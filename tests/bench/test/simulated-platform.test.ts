import { createRandom } from '@orderly/demo/random';
import { AccountConcurrency } from '../src/simulation/concurrency.ts';
import { configurationOf } from '../src/simulation/configuration.ts';
import { EventQueue } from '../src/simulation/event-queue.ts';
import { FifoQueue } from '../src/simulation/fifo-queue.ts';
import { partLimits } from '../src/simulation/limits.ts';
import { OrderFlow } from '../src/simulation/order-flow.ts';
import { predict } from '../src/simulation/predict.ts';
import { type Scenario, scenariosFor } from '../src/simulation/scenarios.ts';

const [asDeployed, apiOpened, turned] = scenariosFor(1000);
if (asDeployed === undefined || apiOpened === undefined || turned === undefined) {
  throw new Error('There are three scenarios for a rate');
}

/** Lets so many orders come at random, and everything that follows come to its end. */
function drain(scenario: Scenario, orders: number, ordersPerSecond: number): OrderFlow {
  const events = new EventQueue();
  const random = createRandom(3);
  const { configuration, warmEnvironments, tables, concurrency } = scenario;
  const account = new AccountConcurrency(concurrency);
  const flow = new OrderFlow({ events, random, account, configuration, warmEnvironments }, tables);
  let at = 0;
  for (let order = 0; order < orders; order += 1) {
    at += random.exponential(1000 / ordersPerSecond);
    events.after(at, () => flow.place());
  }
  events.run();
  return flow;
}

describe.each([asDeployed, apiOpened, turned])('$name', (scenario) => {
  it.each([10, 1000, 20_000])('loses no order that comes at %i/s', (ordersPerSecond) => {
    const { counts } = drain(scenario, 3000, ordersPerSecond);
    const { arrived, refusedByApi, refusedByLambda, refusedByTable, accepted, confirmed, notified } = counts;

    expect(arrived).toBe(3000);
    expect(accepted).toBeGreaterThan(0);
    expect(refusedByApi + refusedByLambda + refusedByTable + accepted).toBe(arrived);
    expect([confirmed, notified]).toEqual([accepted, accepted]);
  });
});

it('confirms no more than the units of the inventory table allow', () => {
  const { counts, samples } = predict(1000, apiOpened, 12, 1);

  // 4,000 units a second, ten an order, and what a second has saved up.
  expect(counts.confirmed).toBeLessThanOrEqual(13 * 400);
  expect(samples.at(-1)?.queueAge['order-events--inventory']).toBeGreaterThan(1);
});

it('knows what each table takes, the tightest part first', () => {
  const limits = partLimits();
  const byPart = new Map(limits.map(({ part, ordersPerSecond }) => [part, ordersPerSecond]));
  const rates = limits.map(({ ordersPerSecond }) => ordersPerSecond);

  expect(byPart.get('inventory table, new')).toBe(400);
  expect(byPart.get('orders table, new')).toBe(1000);
  expect(byPart.get('index `undecided`: 16 keys')).toBe(8000);
  expect(rates).toEqual([...rates].sort((a, b) => a - b));
});

it('gives the same figures for the same seed, and others for another', () => {
  expect(predict(10, asDeployed, 12, 5)).toEqual(predict(10, asDeployed, 12, 5));
  expect(predict(10, asDeployed, 12, 5)).not.toEqual(predict(10, asDeployed, 12, 6));
});

it('has the configuration of the stage', () => {
  expect(configurationOf('prod').writeRate).toBeGreaterThan(configurationOf('default').writeRate);
  expect(configurationOf('prod').consumerConcurrency).toBe(configurationOf('default').consumerConcurrency);
});

describe('a FIFO queue', () => {
  const send = (queue: FifoQueue<string>, group: number, body: string): void =>
    queue.send({ group, sentAt: 0, body });
  const bodies = (messages: readonly { readonly body: string }[]): readonly string[] =>
    messages.map(({ body }) => body);

  it('gives nothing of a group that is at work, and what others have', () => {
    const queue = new FifoQueue<string>();
    send(queue, 1, 'a');
    const first = queue.receive(10);
    send(queue, 1, 'b');
    send(queue, 2, 'c');

    expect(bodies(first)).toEqual(['a']);
    expect(bodies(queue.receive(10))).toEqual(['c']);
    expect(bodies(queue.receive(10))).toEqual([]);
    queue.delete(first);
    expect(bodies(queue.receive(10))).toEqual(['b']);
  });

  it('keeps the order within each group, whatever is received and deleted when', () => {
    const queue = new FifoQueue<string>();
    const random = createRandom(9);
    const received = new Map<number, number[]>();
    const atWork: ReturnType<typeof queue.receive>[] = [];
    const sent = [0, 0, 0, 0, 0];
    for (let step = 0; step < 5000; step += 1) {
      const group = random.int(0, sent.length - 1);
      send(queue, group, String(sent[group]));
      sent[group] = (sent[group] ?? 0) + 1;
      const batch = queue.receive(random.int(1, 3));
      for (const message of batch) {
        received.set(message.group, [...(received.get(message.group) ?? []), Number(message.body)]);
      }
      atWork.push(batch);
      if (random.chance(0.7)) queue.delete(atWork.shift() ?? []);
    }

    for (const numbers of received.values()) expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(received.size).toBe(sent.length);
  });
});

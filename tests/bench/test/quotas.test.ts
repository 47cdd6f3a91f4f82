import { quotas } from '../src/quotas/index.ts';
import { configurationOf, partLimits } from '../src/quotas/limits.ts';

it('knows what each table takes, the tightest part first', () => {
  const limits = partLimits();
  const byPart = new Map(limits.map(({ part, ordersPerSecond }) => [part, ordersPerSecond]));
  const rates = limits.map(({ ordersPerSecond }) => ordersPerSecond);

  expect(byPart.get('inventory table, new')).toBe(400);
  expect(byPart.get('orders table, new')).toBe(1000);
  expect(byPart.get('index `undecided`: 16 keys')).toBe(8000);
  expect(rates).toEqual([...rates].sort((a, b) => a - b));
});

it('names what breaks first at each rate, and not what takes just as much', () => {
  const [, breaking] = quotas.tables({ limits: partLimits() });

  expect(breaking?.rows).toEqual([
    ['10', 'nothing'],
    ['1,000', 'inventory table, new; API, its route'],
    [
      '100,000',
      expect.stringMatching(/^inventory table, new; API, its route; orders table, new; .*FIFO queues/),
    ],
  ]);
});

it('has the configuration of the stage', () => {
  expect(configurationOf('prod').writeRate).toBeGreaterThan(configurationOf('default').writeRate);
  expect(configurationOf('prod').consumerConcurrency).toBe(configurationOf('default').consumerConcurrency);
});

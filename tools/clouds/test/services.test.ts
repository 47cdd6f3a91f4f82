import type { ServicePlan } from '../src/service-plan.ts';
import { Services } from '../src/services.ts';

const plan = (name: string): ServicePlan => ({
  ...{ name, folder: '/', stage: 't', topic: name, maxReceiveCount: 5, environment: {}, functions: [] },
  table: { name, indexes: [] },
});

/** Processes that end when `stop` is called. */
const fleet = (names: readonly string[], failing = '') => {
  const started: [name: string, port: number][] = [];
  const ends = new Map<string, (how: string) => void>();
  const services = new Services(names.map(plan), {
    portOf: (name) => (name === 'orders' ? 4_000 : 0),
    async start({ name }, port) {
      if (name === failing) throw new Error(`${name} does not start`);
      started.push([name, port]);
      const ended = new Promise<string>((end) => ends.set(name, end));
      const stop = async () => ends.get(name)?.('exit code 0');
      return { url: `http://127.0.0.1:${port || 5_000}`, pid: started.length, ended, stop };
    },
  });
  return { services, started, end: (name: string) => ends.get(name)?.('signal SIGKILL') };
};

it('A service that was stopped starts again at its former port', async () => {
  const { services, started } = fleet(['orders', 'inventory']);
  await services.startAll();
  await services.stopOne('inventory');
  await services.stopOne('inventory');

  expect(Object.keys(services.running())).toEqual(['orders']);
  expect(await services.startOne('inventory')).toMatchObject({ url: 'http://127.0.0.1:5000', pid: 3 });
  expect(Object.keys(services.running())).toEqual(['orders', 'inventory']);
  expect(started).toEqual([
    ['orders', 4_000],
    ['inventory', 0],
    ['inventory', 5_000],
  ]);
});

it('A service whose process ends does not run any more, and says how it ended', async () => {
  const { services, end } = fleet(['orders']);
  await services.startAll();
  const { ended } = services.running().orders ?? {};
  end('orders');

  expect(await ended).toBe('signal SIGKILL');
  expect(services.running()).toEqual({});
  expect(() => services.get('orders')).toThrow('The service orders does not run.');
});

it('A service that runs, or is starting, is not started twice, and nobody starts one that there is not', async () => {
  const { services, started } = fleet(['orders']);
  const starting = services.startAll();

  await expect(services.startOne('orders')).rejects.toThrow('orders is running already.');
  await starting;
  await expect(services.startOne('orders')).rejects.toThrow('orders is running already.');
  await expect(services.startOne('mail')).rejects.toThrow('There is no service mail.');
  expect(started).toHaveLength(1);
});

it('The others have started when one does not, so that they can be stopped', async () => {
  const { services } = fleet(['orders', 'inventory', 'webhooks'], 'orders');

  await expect(services.startAll()).rejects.toThrow('orders does not start');
  expect(Object.keys(services.running())).toEqual(['inventory', 'webhooks']);
  await services.stop();
  expect(services.running()).toEqual({});
});

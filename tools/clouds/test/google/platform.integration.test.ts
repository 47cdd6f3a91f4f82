import { type CloudPlatform, startCloudPlatform } from '../../src/platform.ts';
import { startEndpoint } from './endpoint.ts';
import { until } from './poll.ts';

// All services, on Google's functions framework.

let platform: CloudPlatform;
const errors: string[] = [];

beforeAll(async () => {
  platform = await startCloudPlatform({
    cloud: 'google',
    stage: 'test',
    onLine: (service, line) => {
      if (line.includes('"ERROR"')) errors.push(`${service}: ${line}`);
    },
  });
});

afterAll(() => platform?.stop());

beforeEach(() => {
  errors.length = 0;
});

const call = async (method: string, service: string, path: string, body?: object) => {
  const answer = await fetch(`${platform.services[service]?.url}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
};

const stock = async (sku: string): Promise<void> => {
  await call('PUT', 'inventory', `/products/${sku}`, { name: 'Mug', price: 1250, currency: 'EUR' });
  await call('POST', 'inventory', `/products/${sku}/adjustments`, { quantity: 10, reason: 'RECEIVED' });
};

const place = async (sku: string): Promise<string> => {
  const order = {
    customer: { id: 'c1', email: 'someone@example.com' },
    lines: [{ sku, quantity: 2 }],
  };
  let orderId: unknown;
  await until('orders knows the product', async () => {
    const { status, body } = await call('POST', 'orders', '/orders', order);
    orderId = body.orderId;
    return status === 201;
  });
  return String(orderId);
};

const statusOf = async (orderId: string) => (await call('GET', 'orders', `/orders/${orderId}`)).body.status;

describe('The platform on Google', () => {
  it('confirms an order, and tells it to a receiver of webhooks', async () => {
    const receiver = await startEndpoint();
    try {
      await stock('MUG-1');
      const events = ['OrderPlaced', 'OrderConfirmed'];
      const registered = await call('POST', 'webhooks', '/endpoints', { url: receiver.url, events });
      expect(registered.status).toBe(201);
      const orderId = await place('MUG-1');
      await until('it is confirmed', async () => (await statusOf(orderId)) === 'CONFIRMED');
      await until('both events come', () => receiver.pushed.length >= 2);
      const types = receiver.texts().map((text) => JSON.parse(text).type);
      expect(types).toEqual(['orderly.order.placed.v1', 'orderly.order.confirmed.v1']);
      expect(errors).toEqual([]);
    } finally {
      await receiver.stop();
    }
  });

  it('keeps what it cannot publish during an outage, and publishes it afterwards', async () => {
    await stock('MUG-2');
    const first = await place('MUG-2');
    await until('orders and inventory work', async () => (await statusOf(first)) === 'CONFIRMED');
    platform.breakBroker(true);
    const orderId = await place('MUG-2');
    expect(await statusOf(orderId)).toBe('PLACED');
    platform.breakBroker(false);
    await until('it is confirmed', async () => {
      await platform.sweep('orders').catch(() => undefined);
      return (await statusOf(orderId)) === 'CONFIRMED';
    });
  });

  it('dead-letters what a consumer cannot read, and goes on with the rest', async () => {
    const body = '{"specversion":"1.0","id":"poison","type":"orderly.stock.reserved.v1","data":{}}';
    const message = { subject: 'poison', type: 'orderly.stock.reserved.v1', body };
    await platform.publish('inventory-events', message);
    await stock('MUG-3');
    const orderId = await place('MUG-3');
    await until('it is confirmed', async () => (await statusOf(orderId)) === 'CONFIRMED');
    await until('there is a dead letter', async () => (await platform.deadLetters()).length > 0);
    const found = { topic: 'inventory-events', consumer: 'orders', messageId: expect.any(String), body };
    expect(await platform.deadLetters()).toMatchObject([found]);
    expect(await platform.deadLetters()).toMatchObject([found]);
  });
});

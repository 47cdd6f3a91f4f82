import { type ServiceConfig, serviceConfig } from '@orderly/local/service-config';
import { composeServices } from '@orderly/local/services';
import { planService, type ServicePlan, servicePlans } from '../src/service-plan.ts';

const unchanged = { ...process.env };
let plans: ReadonlyMap<string, ServicePlan>;
let orders: ServiceConfig;

beforeAll(async () => {
  process.env.ORDERLY_JWT_ISSUER = 'https://login.example.com/tenant/v2.0';
  process.env.ORDERLY_JWT_AUDIENCE = 'api://orderly';
  plans = new Map((await servicePlans('dev')).map((plan) => [plan.name, plan]));
  orders = await serviceConfig(composeServices().get('orders') ?? '', 'dev');
});
afterAll(() => {
  process.env = { ...unchanged };
});

const functionOf = (service: string, name: string) =>
  plans.get(service)?.functions.find((one) => one.name === name);

it('every service of serverless-compose.yml has a plan, with its topic and table', () => {
  expect([...plans.keys()]).toEqual([...composeServices().keys()]);
  expect(plans.get('orders')).toMatchObject({ stage: 'dev', topic: 'order-events', maxReceiveCount: 5 });
  expect(plans.get('orders')?.folder).toBe(composeServices().get('orders'));
});

it('every service has a publisher, a fallback, routes with scopes, and a file for each function', () => {
  for (const { functions } of plans.values()) {
    const kinds = functions.map(({ trigger }) => trigger.kind);
    expect(kinds.filter((kind) => kind === 'publisher' || kind === 'fallback')).toHaveLength(2);
    for (const { name, file, trigger } of functions) {
      expect(file).toBe(`src/functions/${name}`);
      if (trigger.kind === 'route') expect(trigger.scopes).not.toEqual([]);
    }
  }
});

describe('a function is planned with its trigger', () => {
  it.each([
    ['orders', 'publish-events', { kind: 'publisher' }, 30],
    ['orders', 'fallback', { kind: 'fallback' }, 5],
    [
      ...(['orders', 'cancel-order'] as const),
      {
        kind: 'route',
        method: 'POST',
        path: '/orders/{orderId}/cancel',
        scopes: ['orders:write', 'orders:admin'],
      },
      10,
    ],
    [
      ...(['orders', 'consume-inventory-events'] as const),
      {
        ...{ kind: 'subscription', topic: 'inventory-events' },
        eventTypes: ['orderly.product.upserted.v1', 'orderly.stock.reserved.v1', 'orderly.stock.rejected.v1'],
      },
      15,
    ],
    ['orders', 'count-stuck-orders', { kind: 'schedule', everySeconds: 300, enabled: false }, 60],
    ['webhooks', 'deliver', { kind: 'tasks', queue: 'dev-webhooks--deliveries' }, 30],
  ])('of %s: %s', (service, name, trigger, timeoutSeconds) => {
    expect(functionOf(service, name)).toMatchObject({ trigger, timeoutSeconds });
  });
});

it('the indexes of a table have their partition and sort attributes', () => {
  expect(plans.get('orders')?.table).toEqual({
    name: 'dev-orders',
    indexes: [
      { name: 'by-customer', partition: 'customerId', sort: 'placedAt' },
      { name: 'undecided', partition: 'undecided', sort: 'placedAt' },
    ],
  });
  expect(plans.get('webhooks')?.table).toEqual({ name: 'dev-webhooks', indexes: [] });
});

it('the environment has what all functions need, with the names of queues instead of their URLs', () => {
  expect(plans.get('webhooks')?.environment).toMatchObject({
    ...{
      STAGE: 'dev',
      TABLE_NAME: 'dev-webhooks',
      POWERTOOLS_SERVICE_NAME: 'webhooks',
      MAX_RECEIVE_COUNT: '5',
    },
    ...{ WAKE_UPS_URL: 'dev-webhooks--deliveries', WEBHOOK_KEY_PARAMETER: '/orderly/dev/webhook-key' },
    ...{ JWT_ISSUER: 'https://login.example.com/tenant/v2.0', JWT_AUDIENCE: 'api://orderly' },
  });
});

describe('a service is refused', () => {
  type Functions = Record<string, { events: unknown[]; environment?: object }>;
  /** The plan of orders with other functions. */
  const planWith = (change: (functions: Functions) => void) => {
    const functions = structuredClone(orders.functions) as Functions;
    change(functions);
    return () => planService({ ...orders, functions }, '/services/orders');
  };
  const withEvent = (...events: readonly unknown[]) =>
    planWith((functions) => {
      functions['get-order'] = { ...functions['get-order'], events: [...events] };
    });

  it.each(['cron(0 12 * * ? *)', 'rate(5 fortnights)', 'rate(minute)', ''])(
    'for the schedule "%s"',
    (rate) => {
      expect(withEvent({ schedule: { rate: [rate] } })).toThrow(`The schedule "${rate}" is no rate(...)`);
    },
  );

  it('for a schedule with two rates', () => {
    expect(withEvent({ schedule: { rate: ['rate(1 day)', 'rate(1 hour)'] } })).toThrow('is no rate(...)');
  });

  it('for a route that takes any token', () => {
    const httpApi = { method: 'GET', path: '/orders', authorizer: { name: 'jwt' } };

    expect(withEvent({ httpApi })).toThrow('GET /orders has an authorizer without scopes');
  });

  it('for a function with no trigger, or with two', () => {
    expect(withEvent()).toThrow('get-order has 0 triggers, not one');
    expect(withEvent({ httpApi: '*' }, { stream: {} })).toThrow('get-order has 2 triggers, not one');
  });

  it('for an event that no other cloud has', () => {
    expect(withEvent({ s3: 'bucket' })).toThrow('This event is not known here: {"s3":"bucket"}');
  });

  it('for a variable that two functions set differently', () => {
    const plan = planWith((functions) => {
      for (const [name, value] of [
        ['get-order', '1'],
        ['list-orders', '2'],
      ] as const) {
        functions[name] = { events: [], ...functions[name], environment: { LIMIT: value } };
      }
    });

    expect(plan).toThrow('Two functions of orders set LIMIT differently');
  });

  it.each([
    ['rate(1 minute)', 60],
    ['rate(90 seconds)', 90],
    ['rate(2 hours)', 7_200],
    ['rate(1 day)', 86_400],
  ])('but not for the schedule %s', (rate, everySeconds) => {
    const { functions } = withEvent({ schedule: { rate: [rate] } })();

    expect(functions.find(({ name }) => name === 'get-order')?.trigger).toEqual({
      ...{ kind: 'schedule', everySeconds, enabled: true },
    });
  });
});

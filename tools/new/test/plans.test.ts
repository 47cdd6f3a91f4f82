import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/services';
import { parse } from 'yaml';
import { command, contentOf } from './session.ts';

const current = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8');

/** The lines that a change adds; all others stay, in their order. */
function added(path: string, after: string): readonly string[] {
  const before = current(path).split('\n');
  let kept = 0;
  const lines = after.split('\n').filter((line) => {
    if (line !== before[kept]) return true;
    kept++;
    return false;
  });
  expect(kept).toBe(before.length);
  return lines;
}

describe('npm run new -- service payments', () => {
  const planned = command(['service', 'payments']);

  it('lists the service last in serverless-compose.yml, and keeps its comments', async () => {
    const compose = contentOf(await planned, 'serverless-compose.yml');

    expect(added('serverless-compose.yml', compose)).toEqual(['  payments:', '    path: services/payments']);
    expect(Object.keys(parse(compose).services).at(-1)).toBe('payments');
  });

  it('subscribes to what cancels in the first topic', async () => {
    const { custom } = parse(contentOf(await planned, 'services/payments/serverless.yml'), {
      logLevel: 'silent',
    });

    expect(custom).toMatchObject({
      topic: 'payment-events',
      subscription: { topic: 'order-events', events: 'OrderCancelled' },
    });
  });

  it('has the lockfile know the package and its dependencies', async () => {
    const { packages } = JSON.parse(contentOf(await planned, 'package-lock.json'));

    expect(packages['node_modules/@orderly/payments']).toEqual({ resolved: 'services/payments', link: true });
    expect(packages['services/payments']).toEqual({
      ...packages['services/orders'],
      name: '@orderly/payments',
    });
    const keys = Object.keys(packages);
    expect(keys).toEqual([...keys].sort((one, other) => one.localeCompare(other, 'en')));
  });

  it('leaves no placeholder in a name or a text', async () => {
    const { plans } = await planned;

    const files = plans.flatMap(({ creates }) => creates);
    const left = files.filter(({ path, content }) => /__[A-Za-z]+__/.test(path + content));
    expect(left.map(({ path }) => path)).toEqual([]);
  });
});

it('a service is about what --aggregate says, and subscribes to what --topic and --events say', async () => {
  const line =
    'service billing --aggregate invoice --topic inventory-events --events StockReserved,StockReleased';

  const planned = await command(line.split(' '));

  expect(planned.code).toBe(0);
  const consumer = contentOf(planned, 'services/billing/src/functions/consume-inventory-events.ts');
  expect(consumer).toContain('on(StockReserved,');
  expect(consumer).toContain('on(StockReleased,');
  expect(contentOf(planned, 'services/billing/README.md')).toContain(
    'An invoice has the id of what it is about',
  );
  expect(contentOf(planned, 'services/billing/src/api/description.ts')).toContain("route: 'POST /invoices'");
});

describe('npm run new -- event orders OrderPaid', () => {
  const planned = command(['event', 'orders', 'OrderPaid', '--release']);

  it('defines the event as the others of its topic are defined', async () => {
    const path = 'shared/contracts/src/order-events.ts';

    expect(added(path, contentOf(await planned, path))).toEqual([
      '  isOrderPaidV1,',
      'export const OrderPaid = orderEvent({',
      "  type: 'orderly.order.paid.v1',",
      '  isExact: isOrderPaidV1,',
      "  description: 'An order was paid.',",
      '  more: { paidAt: Timestamp },',
      '});',
      '',
    ]);
  });

  it('gives it a sample with what all events of the topic have', async () => {
    const path = 'shared/contracts/src/testing.ts';

    expect(contentOf(await planned, path)).toContain(
      "sample(OrderPaid, 'orderId', { ...order, paidAt: laterAt })",
    );
  });

  it('puts it behind the other events of its topic in every list', async () => {
    const [known, types] = ['known-events.ts', 'event-types.ts'].map(
      (file) => `shared/contracts/src/${file}`,
    );

    expect(contentOf(await planned, known ?? '')).toMatch(/typeof OrderShipped,\s+typeof OrderPaid,/);
    expect(contentOf(await planned, known ?? '')).toMatch(/ {2}OrderShipped,\s+OrderPaid,/);
    expect(contentOf(await planned, types ?? '')).toMatch(
      /'orderly\.order\.shipped\.v1',\s+'orderly\.order\.paid\.v1',/,
    );
  });

  it('has the documents made anew, and the schema released', async () => {
    const { plans } = await planned;

    expect(plans.map(({ generates }) => generates)).toEqual([{ documents: true, release: true }]);
  });
});

it('an event of a topic without common fields has its subject and its time', async () => {
  const planned = await command(['event', 'inventory', 'StockCounted']);

  const definitions = contentOf(planned, 'shared/contracts/src/inventory-events.ts');
  expect(definitions).toContain('data: { orderId: OrderId, countedAt: Timestamp }');
});

describe('npm run new -- function orders refund-order --http', () => {
  const planned = command(['function', 'orders', 'refund-order', '--http', 'POST /orders/{orderId}/refund']);

  it('adds the function to serverless.yml and changes nothing else there', async () => {
    const path = 'services/orders/serverless.yml';

    expect(added(path, contentOf(await planned, path))).toEqual([
      '    refund-order:',
      '      handler: src/functions/refund-order.handler',
      '      description: Refund order',
      '      events:',
      '        - httpApi: { method: POST, path: "/orders/{orderId}/refund", authorizer: { name: jwt, scopes: [orders:write, orders:admin] } }',
      '      # What it may do with the table, such as Action: [dynamodb:GetItem, dynamodb:PutItem].',
      '      iamRoleStatements: []',
    ]);
  });

  it('checks the path by the schema that other routes have', async () => {
    const source = contentOf(await planned, 'services/orders/src/functions/refund-order.ts');

    expect(source).toContain("import { OrderPath } from '../api/orders.ts';");
    expect(source).toContain('http({ path: OrderPath }');
  });

  it('adds the route to the API, to the 405s and to the README', async () => {
    const outcome = await planned;

    expect(contentOf(outcome, 'services/orders/src/api/description.ts')).toContain(
      "route: 'POST /orders/{orderId}/refund'",
    );
    expect(contentOf(outcome, 'services/orders/src/functions/fallback.ts')).toContain(
      "'/orders/{orderId}/refund': ['POST']",
    );
    expect(added('services/orders/README.md', contentOf(outcome, 'services/orders/README.md'))).toEqual([
      '| `POST /orders/{orderId}/refund` | refund-order | `orders:write`, `orders:admin` | 200 |',
    ]);
  });
});

it('another method of a known path joins its 405s', async () => {
  const planned = await command(['function', 'orders', 'drop-order', '--http', 'DELETE /orders/{orderId}']);

  expect(contentOf(planned, 'services/orders/src/functions/fallback.ts')).toContain(
    "'/orders/{orderId}': ['GET', 'DELETE']",
  );
});

it('a route with parameters of its own gets a schema for them', async () => {
  const planned = await command(['function', 'orders', 'get-refund', '--http', 'GET /refunds/{refundId}']);

  expect(contentOf(planned, 'services/orders/src/api/get-refund.ts')).toContain('export const GetRefundPath');
  expect(contentOf(planned, 'services/orders/src/functions/get-refund.ts')).toContain('path: GetRefundPath');
});

it('a scheduled function is in serverless.yml with its schedule', async () => {
  const planned = await command(['function', 'orders', 'close-books', '--schedule', 'cron(0 2 * * ? *)']);

  const { functions } = parse(contentOf(planned, 'services/orders/serverless.yml'), { logLevel: 'silent' });
  expect(functions.at(-1)['close-books'].events).toEqual([
    { schedule: { rate: ['cron(0 2 * * ? *)'], name: `\${self:service}-\${sls:stage}-close-books` } },
  ]);
});

describe.each(['lambda', 'process'])('a subscriber of the kind %s', (kind) => {
  const line = ['subscriber', 'billing', '--events', 'OrderConfirmed,OrderCancelled', '--kind', kind];

  it('is a project of its own in examples, with the contracts beside it', async () => {
    const planned = await command(line);

    expect(planned.plans.map(({ root }) => root)).toEqual([join(repositoryRoot, 'examples/billing')]);
    expect(JSON.parse(contentOf(planned, 'package.json')).dependencies['@orderly/contracts']).toMatch(
      /^file:\.\.\/orderly-contracts-[\d.]+\.tgz$/,
    );
  });

  it('goes where --to says, and finds the contracts from there', async () => {
    const planned = await command([...line, '--to', '/elsewhere/billing']);

    expect(planned.plans.map(({ root, changes }) => ({ root, changes }))).toEqual([
      { root: '/elsewhere/billing', changes: [] },
    ]);
    expect(JSON.parse(contentOf(planned, 'package.json')).dependencies['@orderly/contracts']).toContain(
      `${repositoryRoot}/examples/orderly-contracts-`,
    );
  });
});

describe('on a terminal', () => {
  it('what is missing is asked, and nothing else', async () => {
    const { code, questions, plans } = await command(['function', 'orders'], ['close-books', 'rate(1 day)']);

    expect(questions).toEqual([
      expect.stringContaining('What is the function called'),
      expect.stringContaining('What calls it'),
    ]);
    expect({ code, plans: plans.length }).toEqual({ code: 0, plans: 1 });
  });

  it('no answer is an error that names what is missing', async () => {
    const { code, err } = await command(['subscriber'], ['billing', '']);

    expect(err).toContain('--events is missing');
    expect(code).toBe(2);
  });
});

import { command } from './session.ts';

type Case = readonly [what: string, line: readonly string[], message: string];

const billing = (events: string, ...more: readonly string[]) => [
  'subscriber',
  'billing',
  '--events',
  events,
  ...more,
];
const http = (route: string) => ['function', 'orders', 'refund-order', '--http', route];

const refused: readonly Case[] = [
  ['a service in capitals', ['service', 'Payments'], 'The name of a service is lower-case words'],
  ['a service with a digit', ['service', 'payments2'], 'The name of a service is lower-case words'],
  ['a service whose name is too long', ['service', 'a'.repeat(25)], 'has at most 24 characters'],
  ['a service that exists', ['service', 'orders'], 'There is a service orders already'],
  [
    'a service named like a package',
    ['service', 'contracts'],
    'There is a package @orderly/contracts already',
  ],
  ['a service that is no plural', ['service', 'billing'], '--aggregate <noun>'],
  [
    'an aggregate of two words',
    ['service', 'billing', '--aggregate', 'gift-card'],
    'An aggregate is one lower-case word',
  ],
  ['an aggregate that the code needs', ['service', 'events'], '"event" for something else'],
  [
    'an aggregate with events',
    ['service', 'goods', '--aggregate', 'product'],
    'inventory-events has events of a product',
  ],
  [
    'a topic that exists',
    ['service', 'baskets', '--aggregate', 'inventory'],
    'inventory publishes inventory-events already',
  ],
  ['an unknown topic', ['service', 'payments', '--topic', 'x-events'], 'There is no topic x-events'],
  ['an unknown event', ['service', 'payments', '--events', 'OrderPaid'], 'There is no event OrderPaid'],
  [
    'events of two topics',
    ['service', 'payments', '--events', 'OrderPlaced,StockReserved'],
    'StockReserved is not of order-events',
  ],
  ['an event of an unknown service', ['event', 'payments', 'PaymentMade'], 'There is no service payments'],
  ['an event of one word', ['event', 'orders', 'Paid'], 'two capitalised words'],
  ['an event of three words', ['event', 'orders', 'OrderPaidLate'], 'two capitalised words'],
  [
    'an event that exists',
    ['event', 'orders', 'OrderPlaced'],
    'order-events has the event OrderPlaced already',
  ],
  [
    'an event of another topic',
    ['event', 'orders', 'StockLost'],
    'Events of a stock are of inventory-events',
  ],
  [
    'a function of an unknown service',
    ['function', 'x', 'pay', '--schedule', 'rate(1 day)'],
    'There is no service x',
  ],
  [
    'a function that exists',
    ['function', 'orders', 'ship-order', '--schedule', 'rate(1 day)'],
    'a function ship-order already',
  ],
  [
    'a function of a fragment',
    ['function', 'orders', 'fallback', '--schedule', 'rate(1 day)'],
    'a function fallback already',
  ],
  [
    'a function with two callers',
    [...http('GET /orders/late'), '--schedule', 'rate(1 day)'],
    'by one of --http, --topic and',
  ],
  ['a route without a method', http('/orders/{orderId}/refund'), 'A route is a method and a path'],
  ['a route with an unknown method', http('ANY /orders/{orderId}/refund'), '"ANY" is none of them'],
  ['a path without a slash', http('POST orders'), 'A path is lower-case words'],
  ['a path in capitals', http('POST /Orders'), 'A path is lower-case words'],
  ['a parameter twice', http('POST /orders/{id}/{id}'), 'has {id} twice'],
  [
    'a route that exists',
    http('POST /orders/{orderId}/cancel'),
    'orders has POST /orders/{orderId}/cancel already',
  ],
  ['a path with other names', http('PUT /orders/{id}'), 'has this path as /orders/{orderId}'],
  ['a scope that is none', [...http('POST /orders/{orderId}/refund'), '--scopes', 'admin'], '"admin" is not'],
  [
    'a schedule that is none',
    ['function', 'orders', 'pay', '--schedule', 'rate(1 minutes)'],
    '"rate(1 minutes)" is not',
  ],
  [
    'a second subscription',
    ['function', 'orders', 'consume-notification-events', '--topic', 'notification-events'],
    'orders subscribes to inventory-events already',
  ],
  [
    "the service's own topic",
    ['function', 'orders', 'consume-x', '--topic', 'order-events'],
    'publishes order-events itself',
  ],
  [
    'an unknown topic of a function',
    ['function', 'orders', 'consume-x', '--topic', 'x'],
    'There is no topic x',
  ],
  ['a subscriber of nothing', billing(','), '--events is missing'],
  ['a subscriber of an unknown event', billing('OrderPaid'), 'There is no event OrderPaid'],
  ['a subscriber of two topics', billing('OrderPlaced,StockReserved'), 'a subscription has one topic'],
  [
    'a subscriber of an unknown kind',
    billing('OrderPlaced', '--kind', 'container'),
    '--kind is lambda or process',
  ],
  [
    'a subscriber named like a service',
    ['subscriber', 'orders', '--events', 'OrderPlaced'],
    'There is a service orders',
  ],
  ['a subscriber in a folder with files', billing('OrderPlaced', '--to', __dirname), 'has something in it'],
  ['a service without a name', ['service'], '<name> is missing'],
  ['an event without a name', ['event', 'orders'], '<name> is missing'],
  [
    'a function that nothing calls',
    ['function', 'orders', 'pay'],
    '--http, --topic or --schedule is missing',
  ],
  ['a subscriber without events', ['subscriber', 'billing'], '--events is missing'],
  ['an unknown generator', ['queue', 'x'], "unknown command 'queue'"],
  ['an unknown option', ['service', 'payments', '--fast'], "unknown option '--fast'"],
];

it.each(refused)('%s is refused, and nothing is written', async (_what, line, message) => {
  const { code, err, plans } = await command(line);

  expect(err).toContain(message);
  expect({ code, plans }).toEqual({ code: 2, plans: [] });
});

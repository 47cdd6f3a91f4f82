import { ManualClock } from '@orderly/aws/test/manual-clock';
import { Broker } from '../../src/azure/service-bus/broker.ts';
import { readSubscription } from '../../src/azure/service-bus/entities.ts';
import { type Rule, readRule } from '../../src/azure/service-bus/rule.ts';

const message = {
  body: Buffer.from(''),
  subject: 'orderly.order.placed.v1',
  sessionId: 'order-1',
  properties: { total: 12.5, country: "d'or", express: true, 'odd name': 1 },
};

const matches = (rule: Rule): boolean => readRule(rule)(message);

// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-filter
it.each([
  ["sys.Label = 'orderly.order.placed.v1'", true],
  ["sys.Subject IN ('a', 'orderly.order.placed.v1')", true],
  ["sys.label NOT IN ('a', 'b')", true],
  ["sys.Label = 'other' OR total > 12", true],
  ['total >= 12.5 AND total < 13 AND total <> 12', true],
  ["country = 'd''or'", true],
  ['user.express = TRUE', true],
  ['[odd name] = 1', true],
  ['NOT (total > 12)', false],
  ['missing IS NULL AND total IS NOT NULL', true],
  ['missing = 1', false],
  // What is unknown stays unknown when it is negated.
  ['NOT missing = 1', false],
  ["total = '12.5'", false],
  ['missing = 1 OR 1=1', true],
  ['1=0', false],
])('The SQL filter %s gives %s', (sql, expected) => {
  expect(matches({ sql })).toBe(expected);
});

it.each([
  ["sys.Label LIKE 'orderly%'", 'does not implement LIKE in SQL filters'],
  ["newid() = 'x'", 'does not implement newid() in SQL filters'],
  ['EXISTS(total)', 'does not implement EXISTS in SQL filters'],
  ['total + 1 = 2', 'does not implement + in SQL filters'],
  ["sys.Unheard = 'x'", 'does not implement sys.Unheard in SQL filters'],
  ['total =', 'cannot be read at its end'],
  ['(total = 1', 'cannot be read at its end'],
  ['total = 1 1', 'cannot be read at 1'],
  ["total ~ 'x'", 'cannot be read'],
  ['', 'cannot be read at its end'],
])('The SQL filter %s is refused: %s', (sql, reason) => {
  expect(() => readRule({ sql })).toThrow(reason);
});

// https://learn.microsoft.com/azure/service-bus-messaging/topic-filters
it.each([
  [{ subject: 'orderly.order.placed.v1' }, true],
  [{ subject: 'orderly.order.placed.v1', sessionId: 'order-2' }, false],
  [{ properties: { total: 12.5 } }, true],
  [{ subject: 'orderly.order.placed.v1', properties: { total: '12.5' } }, false],
])('The correlation rule %j gives %s', (rule, expected) => {
  expect(matches(rule)).toBe(expected);
});

it('A correlation rule that names nothing, or something unknown, is refused', () => {
  expect(() => readRule({})).toThrow('names at least one property');
  expect(() => readRule({ label: 'x' } as Rule)).toThrow('A correlation rule has no label.');
});

// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas
it.each([
  [{ name: 'a', lockMs: 300_001 }, 'lockMs is 300001'],
  [{ name: 'a', lockMs: 1 }, 'lockMs is 1'],
  [{ name: 'a', maxDeliveryCount: 0 }, 'maxDeliveryCount is 0'],
  [{ name: 'a'.repeat(51) }, 'is not a valid name of a subscription'],
  [{ name: 'a/b' }, 'is not a valid name of a subscription'],
])('The subscription %j is refused: %s', (definition, reason) => {
  expect(() => readSubscription(definition)).toThrow(reason);
});

it('A namespace counts what its subscriptions hold, and refuses a topic that it has', () => {
  const clock = new ManualClock();
  const broker = new Broker({ clock });
  const topic = { name: 'Events', subscriptions: [{ name: 'a', maxDeliveryCount: 1 }] };
  broker.define({ topics: [topic], queues: [{ name: 'tasks' }] });
  expect(() => broker.define({ topics: [{ ...topic, name: 'EVENTS' }] })).toThrow(
    "an entity 'EVENTS' already",
  );
  expect(() =>
    broker.define({ topics: [{ name: 'x', duplicateDetectionMs: 1, subscriptions: [] }] }),
  ).toThrow('duplicateDetectionMs');

  broker.publish('events', [message, message, message, { ...message, scheduledAt: clock.now() + 1 }]);
  const queue = broker.queue('events/subscriptions/A');
  queue.abandon(queue.receive()?.lock.token ?? '');
  queue.receive();
  expect(broker.counts()).toEqual([
    {
      name: 'Events',
      scheduled: 1,
      queues: [{ path: 'Events/Subscriptions/a', active: 1, locked: 1, deadLettered: 1 }],
    },
    { name: 'tasks', scheduled: 0, queues: [{ path: 'tasks', active: 0, locked: 0, deadLettered: 0 }] },
  ]);
});

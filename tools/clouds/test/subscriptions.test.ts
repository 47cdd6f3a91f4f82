import { ManualClock } from '@orderly/aws/test/manual-clock';
import { entitiesOf } from '../src/azure/entities.ts';
import { Broker as ServiceBus } from '../src/azure/service-bus/broker.ts';
import { Subscriptions as AzureSubscriptions } from '../src/azure/subscriptions.ts';
import type { CloudDeadLetter, CloudMessage, CloudMessageChange, CloudQueue } from '../src/cloud.ts';
import { Broker as PubSub } from '../src/google/pubsub/broker.ts';
import { Subscriptions as GoogleSubscriptions } from '../src/google/subscriptions.ts';
import type { FunctionPlan, ServicePlan } from '../src/service-plan.ts';

const topic = 'order-events';
const type = 'orderly.order.placed.v1';
const ATTEMPTS = 5;

const consumer: FunctionPlan = {
  name: 'consume-order-events',
  file: 'src/functions/consume-order-events',
  trigger: { kind: 'subscription', topic, eventTypes: [type] },
  timeoutSeconds: 10,
};

const plan = (name: string, publishes: string, functions: readonly FunctionPlan[]): ServicePlan => ({
  ...{ name, folder: '/', stage: 't', topic: publishes, maxReceiveCount: ATTEMPTS, environment: {} },
  table: { name: `t-${name}`, indexes: [] },
  functions,
});

const plans = [
  plan('orders', topic, []),
  plan('inventory', 'inventory-events', [consumer]),
  plan('webhooks', 'webhook-events', [consumer]),
];

/** Both stand-ins of a broker, each as a console and a consumer see it. */
interface BrokerUnderTest {
  readonly clock: ManualClock;
  publish(body: string): void;
  /** Inventory gets the next message. @returns how it settles it; undefined when there is none */
  receive(): { succeed(): void; fail(): void } | undefined;
  readonly subscriptions: {
    queues(): readonly CloudQueue[];
    messages(queue: string): readonly CloudMessage[];
    deadLetters(): readonly CloudDeadLetter[];
    redrive(letter: CloudDeadLetter): boolean;
    drop(letter: CloudDeadLetter): boolean;
  };
}

interface Seen {
  readonly published: string[];
  readonly changes: CloudMessageChange[];
}

const watching = ({ published, changes }: Seen) => ({
  published: (body: string) => void published.push(body),
  message: (change: CloudMessageChange) => void changes.push(change),
  invocation: () => undefined,
});

const azure = (seen: Seen): BrokerUnderTest => {
  const clock = new ManualClock();
  const subscriptions = new AzureSubscriptions(plans, (): ServiceBus => broker);
  const broker: ServiceBus = new ServiceBus({ clock, watch: subscriptions.watchFor(watching(seen)) });
  broker.define(entitiesOf(plans));
  const queue = broker.queue(`t-${topic}/Subscriptions/inventory`);
  let count = 0;
  return {
    clock,
    subscriptions,
    publish(body) {
      const content = { subject: type, sessionId: 's', messageId: `m${++count}`, properties: {} };
      broker.publish(`t-${topic}`, [{ ...content, body: Buffer.from(body) }]);
    },
    receive() {
      const session = queue.sessions.accept(undefined, () => undefined);
      const received = session && queue.receive(session);
      if (session === undefined || received === undefined) return undefined;
      const settle = (how: (token: string) => void) => () => {
        how(received.lock.token);
        queue.sessions.release(session);
      };
      return {
        succeed: settle((token) => queue.complete(token)),
        fail: settle((token) => queue.abandon(token)),
      };
    },
  };
};

const google = (seen: Seen): BrokerUnderTest => {
  const clock = new ManualClock();
  const subscriptions = new GoogleSubscriptions('orderly', (): PubSub => broker);
  const broker: PubSub = new PubSub(clock, subscriptions.watchFor(watching(seen)));
  for (const each of plans) subscriptions.createTopic(each);
  const caller = { serviceAccountEmail: 'a@orderly.iam.gserviceaccount.com', audience: 'x' };
  for (const each of plans)
    for (const one of each.functions)
      subscriptions.create(each, one, { endpoint: 'http://127.0.0.1:9/push', caller });
  const queue = broker.subscription('projects/orderly/subscriptions/t-order-events--inventory');
  return {
    clock,
    subscriptions,
    publish(body) {
      const message = { data: Buffer.from(body), orderingKey: 's', attributes: { type } };
      broker.publish(`projects/orderly/topics/t-${topic}`, [message]);
    },
    receive() {
      // Longer than the subscription backs off.
      clock.advance(60_000);
      const [delivery] = queue.take({ messages: 1 });
      if (delivery === undefined) return undefined;
      return {
        succeed: () => queue.acknowledge([delivery.ackId]),
        fail: () => queue.modifyAckDeadline([delivery.ackId], 0),
      };
    },
  };
};

const inventory = 't-order-events--inventory';
const webhooks = 't-order-events--webhooks';
const deadLetters = 't-dlq--order-events--inventory';

describe.each([
  ['Azure', azure],
  ['Google', google],
])('On %s', (_name, start) => {
  let seen: Seen;
  let broker: BrokerUnderTest;
  beforeEach(() => {
    seen = { published: [], changes: [] };
    broker = start(seen);
  });
  const failAll = (): void => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) broker.receive()?.fail();
  };
  const changesOf = (name: string) =>
    seen.changes.filter(({ queue }) => queue === name).map(({ what, receiveCount }) => [what, receiveCount]);
  const queueOf = (name: string) => broker.subscriptions.queues().find((queue) => queue.name === name);
  const messagesOf = (name: string) => broker.subscriptions.messages(name);
  const onlyLetter = (): CloudDeadLetter => {
    const [letter, ...more] = broker.subscriptions.deadLetters();
    if (letter === undefined || more.length > 0) throw new Error('There is not one dead letter');
    return letter;
  };

  it('a watch hears of a message once for its topic, and of what each subscription does with it', () => {
    broker.publish('one');
    broker.receive()?.fail();
    broker.receive()?.succeed();

    expect(seen.published).toEqual(['one']);
    expect(changesOf(inventory)).toEqual([
      ['sent', 0],
      ['received', 1],
      ['returned', 1],
      ['received', 2],
      ['deleted', 2],
    ]);
    expect(changesOf(webhooks)).toEqual([['sent', 0]]);
    expect(seen.changes.every(({ body }) => body === 'one')).toBe(true);
  });

  it('a queue shows its messages, whether one is in flight, and how often it has failed', () => {
    const sentAt = broker.clock.now();
    broker.publish('one');
    broker.publish('two');
    broker.receive()?.fail();
    const receiving = broker.receive();

    expect(queueOf(inventory)).toMatchObject({
      ...{ topic, consumer: 'inventory', eventTypes: [type], maxReceiveCount: ATTEMPTS },
      ...{ waiting: 1, inFlight: 1, deadLetters: 0, oldestAt: sentAt },
    });
    expect(messagesOf(inventory)).toMatchObject([
      { body: 'one', group: 's', isOut: true, failures: 1, sentAt },
      { body: 'two', group: 's', isOut: false, failures: 0, sentAt },
    ]);
    receiving?.succeed();
    expect(messagesOf(inventory).map(({ body }) => body)).toEqual(['two']);
    expect(messagesOf('nowhere')).toEqual([]);
  });

  it('a message that fails each time becomes a dead letter with a reason and a time', () => {
    broker.publish('bad');
    failAll();

    expect(onlyLetter()).toMatchObject({
      ...{ topic, consumer: 'inventory', body: 'bad', receives: ATTEMPTS },
      reason: expect.stringContaining(String(ATTEMPTS)),
      failedAt: broker.clock.now(),
    });
    expect(changesOf(inventory).at(-1)).toEqual(['dead-lettered', ATTEMPTS]);
    expect(changesOf(deadLetters).map(([what]) => what)).toEqual(['sent']);
    expect(queueOf(inventory)).toMatchObject({
      ...{ waiting: 0, inFlight: 0, deadLetters: 1, oldestDeadLetterAt: broker.clock.now() },
    });
  });

  it('a dead letter that is redriven goes to its subscription alone, with the same body, and counts anew', () => {
    broker.publish('bad');
    failAll();
    const letter = onlyLetter();

    expect(broker.subscriptions.redrive(letter)).toBe(true);
    expect(broker.subscriptions.deadLetters()).toEqual([]);
    expect(messagesOf(inventory)).toMatchObject([{ body: 'bad', group: 's', failures: 0 }]);
    expect(messagesOf(webhooks)).toHaveLength(1);
    expect(seen.published).toEqual(['bad']);
    expect(broker.subscriptions.redrive(letter)).toBe(false);
    failAll();
    expect(onlyLetter()).toMatchObject({ body: 'bad', receives: ATTEMPTS });
    broker.subscriptions.redrive(onlyLetter());
    broker.receive()?.succeed();
    expect(queueOf(inventory)).toMatchObject({ waiting: 0, inFlight: 0, deadLetters: 0 });
  });

  it('a dead letter that is dropped is gone', () => {
    broker.publish('bad');
    failAll();
    const letter = onlyLetter();

    expect(broker.subscriptions.drop(letter)).toBe(true);
    expect(broker.subscriptions.drop(letter)).toBe(false);
    expect(broker.subscriptions.deadLetters()).toEqual([]);
    expect(queueOf(inventory)).toMatchObject({ waiting: 0, inFlight: 0, deadLetters: 0 });
  });
});

import { ManualClock } from '@orderly/aws/test/manual-clock';
import type { SubscriptionDefinition, TopicDefinition } from '../../src/azure/service-bus/entities.ts';
import { type ServiceBus, startServiceBus } from '../../src/azure/service-bus/server.ts';
import { type Client, connect, type ReceivedMessage, type Receiver, type SessionReceiver } from './client.ts';

export const TOPIC = 'order-events';
export const SUBSCRIPTION = 'inventory';
export const QUEUE = 'mails';
export const SESSION_QUEUE = 'ordered-mails';

/** A short wait for what is not to come, in milliseconds. */
const SHORT_MS = 200;

/** A namespace with a topic, a subscription and queues, Microsoft's client, and time that passes when a test says so. */
export class ServiceBusUnderTest {
  readonly clock: ManualClock;
  readonly bus: ServiceBus;
  readonly client: Client;
  readonly #close: (() => Promise<void>)[] = [];

  private constructor(clock: ManualClock, bus: ServiceBus, client: Client) {
    this.clock = clock;
    this.bus = bus;
    this.client = client;
  }

  static async start(
    subscription: Partial<SubscriptionDefinition> = {},
    topic: Partial<TopicDefinition> = {},
  ): Promise<ServiceBusUnderTest> {
    // The client compares the ends of locks with the machine's time.
    const clock = new ManualClock(Date.now());
    const subscriptions = [{ name: SUBSCRIPTION, ...subscription }];
    const topics = [{ name: TOPIC, subscriptions, ...topic }];
    const queues = [{ name: QUEUE }, { name: SESSION_QUEUE, requiresSession: true }];
    const entities = { topics, queues };
    const bus = await startServiceBus({ port: 0, restPort: 0, entities, clock });
    return new ServiceBusUnderTest(clock, bus, await connect(bus.connectionString));
  }

  async stop(): Promise<void> {
    await this.client.close();
    for (const close of this.#close) await close();
    await this.bus.stop();
  }

  send(...messages: readonly object[]): Promise<void> {
    return this.client.createSender(TOPIC).sendMessages(messages);
  }

  post(body: string, headers: Readonly<Record<string, string>> = {}, topic = TOPIC): Promise<Response> {
    return fetch(`${this.bus.restEndpoint}/${topic}/messages`, { method: 'POST', body, headers });
  }

  postBatch(entries: unknown): Promise<Response> {
    return this.post(JSON.stringify(entries), {
      'content-type': 'application/vnd.microsoft.servicebus.json',
    });
  }

  receiver(options: object = {}): Receiver {
    return this.client.createReceiver(TOPIC, SUBSCRIPTION, { maxAutoLockRenewalDurationInMs: 0, ...options });
  }

  deadLetters(): Receiver {
    return this.receiver({ subQueueType: 'deadLetter' });
  }

  nextSession(): Promise<SessionReceiver> {
    return this.client.acceptNextSession(TOPIC, SUBSCRIPTION, { maxAutoLockRenewalDurationInMs: 0 });
  }

  session(id: string): Promise<SessionReceiver> {
    return this.client.acceptSession(TOPIC, SUBSCRIPTION, id, { maxAutoLockRenewalDurationInMs: 0 });
  }

  /** A client of its own, as of another process. */
  async otherClient(): Promise<Client> {
    const client = await connect(this.bus.connectionString);
    this.#close.push(() => client.close());
    return client;
  }
}

/** The next message. @throws Error when there is none */
export const receiveOne = async (receiver: Receiver): Promise<ReceivedMessage> => {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
  if (message === undefined) throw new Error('There was no message.');
  return message;
};

/** So many messages, however many transfers they take. */
export const receiveAll = async (receiver: Receiver, count: number): Promise<ReceivedMessage[]> => {
  const received: ReceivedMessage[] = [];
  while (received.length < count) {
    const more = await receiver.receiveMessages(count - received.length, { maxWaitTimeInMs: 10_000 });
    if (more.length === 0) throw new Error(`There were ${received.length} messages, not ${count}.`);
    received.push(...more);
  }
  return received;
};

export const expectNothing = async (receiver: Receiver): Promise<void> => {
  expect(await receiver.receiveMessages(1, { maxWaitTimeInMs: SHORT_MS })).toEqual([]);
};

/** The code with which the client names a refusal. */
export const refusal = async (attempt: Promise<unknown>): Promise<{ code: string; message: string }> => {
  try {
    await attempt;
  } catch (error) {
    return { code: String(Object(error).code ?? Object(error).name), message: String(Object(error).message) };
  }
  throw new Error('It was not refused.');
};

export const bodies = (messages: readonly ReceivedMessage[]): unknown[] => messages.map(({ body }) => body);

interface Given {
  readonly subscription?: Partial<SubscriptionDefinition>;
  readonly topic?: Partial<TopicDefinition>;
}

type Case = (under: ServiceBusUnderTest) => Promise<void>;

/**
 * Tests sentences that a page of Microsoft's documentation states. Each gets a namespace of its own.
 * @param page below https://learn.microsoft.com/, e.g. `azure/service-bus-messaging/message-sessions`
 */
export const conforms = (page: string, given: Given, cases: Readonly<Record<string, Case>>): void => {
  for (const [sentence, check] of Object.entries(cases)) {
    it(sentence, async () => {
      const under = await ServiceBusUnderTest.start(given.subscription, given.topic);
      try {
        await check(under);
      } catch (error) {
        if (error instanceof Error)
          error.message += `\n\nMicrosoft documents it: https://learn.microsoft.com/${page}`;
        throw error;
      } finally {
        await under.stop();
      }
    });
  }
};

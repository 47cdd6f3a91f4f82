import { randomUUID } from 'node:crypto';
import { installed } from '@orderly/clouds/install';
import { Arrivals, type Broker, type TopicSubscription, waitMs } from './broker.ts';

interface Message {
  readonly body: Buffer;
  readonly applicationProperties?: Readonly<Record<string, unknown>>;
}

interface Receiver {
  receiveMessages(maximum: number, options: { readonly maxWaitTimeInMs: number }): Promise<Message[]>;
  completeMessage(message: Message): Promise<void>;
  subscribe(handlers: {
    processMessage(message: Message): Promise<void>;
    processError(args: { readonly error: Error }): Promise<void>;
  }): unknown;
  close(): Promise<void>;
}

/** As much of `@azure/service-bus` as is used: it is installed on first use, and so has no types here. */
interface Library {
  readonly ServiceBusClient: new (
    connectionString: string,
    options: object,
  ) => {
    createSender(topic: string): { sendMessages(message: object): Promise<void>; close(): Promise<void> };
    createReceiver(topic: string, subscription: string, options: object): Receiver;
    acceptNextSession(topic: string, subscription: string, options: object): Promise<Receiver>;
    close(): Promise<void>;
  };
  readonly ServiceBusAdministrationClient: new (
    connectionString: string,
  ) => {
    readonly pipeline: { addPolicy(policy: object): void };
    createSubscription(topic: string, name: string, options: object): Promise<unknown>;
    deleteSubscription(topic: string, name: string): Promise<unknown>;
  };
}

interface Request {
  url: string;
  allowInsecureConnection: boolean;
}

/** Has Microsoft's client for management talk to the stand-in, which has no TLS, and HTTP at a port of its own. */
const toStandIn = (restEndpoint: string) => ({
  name: 'to-stand-in',
  sendRequest(request: Request, next: (request: Request) => unknown): unknown {
    const { pathname, search } = new URL(request.url);
    request.url = `${restEndpoint}${pathname}${search}`;
    request.allowInsecureConnection = true;
    return next(request);
  },
});

const bytes = { skipParsingBodyAsJson: true };

/** Takes what a receiver has. */
async function take(receiver: Receiver, wait = waitMs): Promise<readonly Message[]> {
  const taken: Message[] = [];
  for (const message of await receiver.receiveMessages(100, { maxWaitTimeInMs: wait })) {
    try {
      await receiver.completeMessage(message);
      taken.push(message);
    } catch (error) {
      // On a busy machine the client gives up its link, and the message comes again.
      if (Object(error).code !== 'SessionLockLost') throw error;
    }
  }
  return taken;
}

/** Of messages that no test has sent. */
const bodiesOf = (messages: readonly Message[]): readonly string[] =>
  messages.flatMap(({ body, applicationProperties }) =>
    applicationProperties?.isOfTest ? [] : [body.toString('utf8')],
  );

const isTimeout = (error: unknown): boolean => Object(error).code === 'ServiceTimeout';

/** Service Bus by Microsoft's own client. */
export async function serviceBusBroker(
  stage: string,
  { connectionString, restEndpoint }: { readonly connectionString: string; readonly restEndpoint: string },
): Promise<Broker> {
  const library = (await installed('azure'))('@azure/service-bus') as Library;
  const retryOptions = { maxRetries: 0, timeoutInMs: 10_000 };
  const client = new library.ServiceBusClient(connectionString, { retryOptions });
  // It waits so long for a session.
  const retries = { maxRetries: 0, timeoutInMs: 2 * waitMs };
  const sessions = new library.ServiceBusClient(connectionString, { retryOptions: retries });
  const management = new library.ServiceBusAdministrationClient(connectionString);
  management.pipeline.addPolicy(toStandIn(restEndpoint));

  const unordered = (topic: string, name: string): TopicSubscription => {
    const receiver = client.createReceiver(topic, name, bytes);
    const arrivals = new Arrivals<Message>();
    receiver.subscribe({
      processMessage: async (message) => arrivals.add(message),
      processError: async ({ error }) => arrivals.fail(error),
    });
    return { receive: async () => bodiesOf(await arrivals.take()), close: () => receiver.close() };
  };
  const ordered = (topic: string, name: string): TopicSubscription => ({
    close: async () => undefined,
    async receive() {
      try {
        const session = await sessions.acceptNextSession(topic, name, bytes);
        const messages = await take(session, 100);
        await session.close();
        return bodiesOf(messages);
      } catch (error) {
        if (isTimeout(error)) return [];
        throw error;
      }
    },
  });

  return {
    async subscribe({ topic: name, subscriber, isOrdered, types }) {
      const topic = `${stage}-${name}`;
      const list = types?.map((type) => `'${type}'`).join(', ');
      await management.createSubscription(topic, subscriber, {
        requiresSession: isOrdered,
        ...(list && {
          defaultRuleOptions: { name: 'types', filter: { sqlExpression: `sys.Label IN (${list})` } },
        }),
      });
      const { receive, close } = isOrdered ? ordered(topic, subscriber) : unordered(topic, subscriber);
      return {
        receive,
        async close() {
          await close();
          await management.deleteSubscription(topic, subscriber);
        },
      };
    },
    async send(topic, _consumer, { subject = randomUUID(), type, body }) {
      const sender = client.createSender(`${stage}-${topic}`);
      await sender.sendMessages({
        // Not the event's id: the topic would take it for a duplicate.
        messageId: randomUUID(),
        ...{ sessionId: subject, subject: type, body: Buffer.from(body) },
        contentType: 'application/cloudevents+json',
        applicationProperties: { isOfTest: true },
      });
      await sender.close();
    },
    async takeDeadLetters(topic, consumer) {
      const options = { ...bytes, subQueueType: 'deadLetter' };
      const receiver = client.createReceiver(`${stage}-${topic}`, consumer, options);
      const messages = await take(receiver);
      await receiver.close();
      return messages.map(({ body }) => body.toString('utf8'));
    },
    async close() {
      await Promise.all([client.close(), sessions.close()]);
    },
  };
}

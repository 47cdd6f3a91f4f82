import { installed } from '../../src/install.ts';

/** A number of 64 bits. */
export interface Long {
  toNumber(): number;
}

export interface ReceivedMessage {
  readonly body: unknown;
  readonly messageId?: string;
  readonly sessionId?: string;
  readonly subject?: string;
  readonly correlationId?: string;
  readonly contentType?: string;
  readonly to?: string;
  readonly replyTo?: string;
  readonly replyToSessionId?: string;
  readonly applicationProperties?: Readonly<Record<string, unknown>>;
  readonly scheduledEnqueueTimeUtc?: Date;
  readonly timeToLive?: number;
  readonly deliveryCount: number;
  readonly sequenceNumber: Long;
  readonly enqueuedSequenceNumber?: number;
  readonly enqueuedTimeUtc: Date;
  readonly lockedUntilUtc?: Date;
  readonly lockToken?: string;
  readonly deadLetterReason?: string;
  readonly deadLetterErrorDescription?: string;
}

export interface Receiver {
  receiveMessages(maximum: number, options?: object): Promise<ReceivedMessage[]>;
  peekMessages(maximum: number, options?: object): Promise<ReceivedMessage[]>;
  completeMessage(message: ReceivedMessage): Promise<void>;
  abandonMessage(message: ReceivedMessage, properties?: object): Promise<void>;
  deferMessage(message: ReceivedMessage): Promise<void>;
  deadLetterMessage(message: ReceivedMessage, options?: object): Promise<void>;
  renewMessageLock(message: ReceivedMessage): Promise<Date>;
  subscribe(handlers: object, options?: object): { close(): Promise<void> };
  close(): Promise<void>;
}

export interface SessionReceiver extends Receiver {
  readonly sessionId: string;
  readonly isClosed: boolean;
  readonly sessionLockedUntilUtc: Date;
  renewSessionLock(): Promise<Date>;
  getSessionState(): Promise<unknown>;
  setSessionState(state: unknown): Promise<void>;
}

export interface Sender {
  sendMessages(messages: object | readonly object[]): Promise<void>;
  scheduleMessages(messages: object | readonly object[], time: Date): Promise<Long[]>;
  cancelScheduledMessages(sequenceNumbers: Long | readonly Long[]): Promise<void>;
  createMessageBatch(): Promise<{ readonly maxSizeInBytes: number; tryAddMessage(message: object): boolean }>;
  close(): Promise<void>;
}

/** As much of @azure/service-bus as the tests use: it is installed on first use, and so has no types here. */
export interface Client {
  createSender(entity: string): Sender;
  createReceiver(topic: string, subscription: string, options?: object): Receiver;
  createReceiver(queue: string, options?: object): Receiver;
  acceptSession(
    topic: string,
    subscription: string,
    sessionId: string,
    options?: object,
  ): Promise<SessionReceiver>;
  acceptNextSession(topic: string, subscription: string, options?: object): Promise<SessionReceiver>;
  acceptNextSession(queue: string, options?: object): Promise<SessionReceiver>;
  createRuleManager(
    topic: string,
    subscription: string,
  ): { createRule(name: string, filter: object): Promise<void> };
  close(): Promise<void>;
}

/** Microsoft's own client, on a stand-in; it does not repeat what fails. */
export const connect = async (connectionString: string): Promise<Client> => {
  const { ServiceBusClient } = (await installed('azure'))('@azure/service-bus') as {
    readonly ServiceBusClient: new (connectionString: string, options: object) => Client;
  };
  return new ServiceBusClient(connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } });
};

/** As much of the client for management as the tests use. */
export interface Administration {
  readonly pipeline: { addPolicy(policy: object): void };
  createSubscription(topic: string, name: string, options?: object): Promise<object>;
  getSubscription(topic: string, name: string): Promise<object>;
  subscriptionExists(topic: string, name: string): Promise<boolean>;
  deleteSubscription(topic: string, name: string): Promise<object>;
}

interface Request {
  url: string;
  allowInsecureConnection: boolean;
}

/** Microsoft's own client for management, which repeats nothing; a stand-in has no TLS, and another port for HTTP. */
export const administrate = async (bus: {
  readonly connectionString: string;
  readonly restEndpoint: string;
}): Promise<Administration> => {
  const { ServiceBusAdministrationClient } = (await installed('azure'))('@azure/service-bus') as {
    readonly ServiceBusAdministrationClient: new (
      connectionString: string,
      options: object,
    ) => Administration;
  };
  const client = new ServiceBusAdministrationClient(bus.connectionString, {
    retryOptions: { maxRetries: 0 },
  });
  client.pipeline.addPolicy({
    name: 'to-stand-in',
    sendRequest(request: Request, next: (request: Request) => unknown) {
      const { pathname, search } = new URL(request.url);
      request.url = `${bus.restEndpoint}${pathname}${search}`;
      request.allowInsecureConnection = true;
      return next(request);
    },
  });
  return client;
};

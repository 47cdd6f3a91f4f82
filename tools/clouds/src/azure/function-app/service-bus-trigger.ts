import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceBusSettings } from './host-json.ts';
import type { Invoke } from './invoker.ts';
import type { Running } from './running.ts';
import type { ReceivedMessage, Receiver, ServiceBusClient } from './service-bus-client.ts';
import { bodyData, metadataOf } from './trigger-metadata.ts';

/** After a failure of Service Bus, e.g. because it is not up yet. */
const RETRY_MS = 500;

export interface ServiceBusFunction {
  readonly name: string;
  /** Of its binding. */
  readonly trigger: string;
  /** A topic and a subscription, or a queue. */
  readonly entity: readonly string[];
  readonly sessions: boolean;
}

export interface ServiceBusTriggerOptions {
  readonly client: ServiceBusClient;
  readonly settings: ServiceBusSettings;
  readonly invoke: Invoke;
  readonly running: Running;
  /** Aborted when the host stops. */
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

/** No session came within the client's time. */
const isTimeout = (error: unknown): boolean =>
  /^(ServiceTimeout|OperationTimeoutError|SessionCannotBeLocked)$/.test(String(Object(error).code));

const describe = ({ name, entity }: ServiceBusFunction, error: unknown): string =>
  `${name}: Service Bus fails for ${entity.join('/')}: ${error instanceof Error ? error.message : String(error)}`;

/** Runs the function for a message. A message is completed when the function succeeds, and abandoned when it fails. */
const handle = async (
  { name, trigger }: ServiceBusFunction,
  { invoke }: ServiceBusTriggerOptions,
  receiver: Receiver,
  message: ReceivedMessage,
): Promise<void> => {
  const succeeded = await run(() => invoke(name, trigger, bodyData(message), metadataOf(message)));
  await (succeeded ? receiver.completeMessage(message) : receiver.abandonMessage(message));
};

/** The invocation is reported with its error. */
const run = async (invocation: () => Promise<unknown>): Promise<boolean> => {
  try {
    await invocation();
    return true;
  } catch {
    return false;
  }
};

/** Handles the messages of one session, one at a time, until there is none for a while. */
const handleSession = async (
  each: ServiceBusFunction,
  options: ServiceBusTriggerOptions,
  receiver: Receiver,
): Promise<void> => {
  try {
    while (!options.signal.aborted) {
      const [message] = await receiver.receiveMessages(1, {
        maxWaitTimeInMs: options.settings.sessionIdleMs,
      });
      if (message === undefined) return;
      await options.running.add(handle(each, options, receiver, message));
    }
  } finally {
    await receiver.close();
  }
};

/** One of the places for sessions of a function. */
const handleSessions = async (each: ServiceBusFunction, options: ServiceBusTriggerOptions): Promise<void> => {
  const { client, settings, signal, log } = options;
  const receiverOptions = {
    maxAutoLockRenewalDurationInMs: settings.maxLockRenewalMs,
    skipParsingBodyAsJson: true,
  };
  while (!signal.aborted) {
    try {
      await handleSession(each, options, await client.acceptNextSession(...each.entity, receiverOptions));
    } catch (error) {
      if (signal.aborted || isTimeout(error)) continue;
      log(describe(each, error));
      await delay(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
};

const handleMessages = (each: ServiceBusFunction, options: ServiceBusTriggerOptions): void => {
  const { client, settings, signal, log, running } = options;
  const receiver = client.createReceiver(...each.entity, {
    maxAutoLockRenewalDurationInMs: settings.maxLockRenewalMs,
    skipParsingBodyAsJson: true,
  });
  receiver.subscribe(
    {
      processMessage: (message) => running.add(handle(each, options, receiver, message)),
      processError: async ({ error }) => {
        if (!signal.aborted && error.name === 'ServiceBusError') log(describe(each, error));
      },
    },
    { maxConcurrentCalls: settings.maxConcurrentCalls, autoCompleteMessages: false },
  );
};

/**
 * Runs a function for each message of a subscription or queue. Messages of a session come one at a time, in their order.
 * Source: https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger
 */
export const startServiceBusTrigger = (each: ServiceBusFunction, options: ServiceBusTriggerOptions): void => {
  if (!each.sessions) {
    handleMessages(each, options);
    return;
  }
  for (let place = 0; place < options.settings.maxConcurrentSessions; place++)
    void handleSessions(each, options);
};

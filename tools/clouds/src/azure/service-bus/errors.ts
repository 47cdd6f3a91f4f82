/**
 * What Service Bus refuses with.
 * Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-troubleshoot and the table
 * `ConditionErrorNameMapper` of the package `@azure/core-amqp`
 */
export type Condition =
  | 'amqp:not-found'
  | 'amqp:not-allowed'
  | 'amqp:not-implemented'
  | 'amqp:internal-error'
  | 'amqp:link:message-size-exceeded'
  | 'com.microsoft:argument-error'
  | 'com.microsoft:entity-already-exists'
  | 'com.microsoft:message-lock-lost'
  | 'com.microsoft:message-not-found'
  | 'com.microsoft:server-busy'
  | 'com.microsoft:session-cannot-be-locked'
  | 'com.microsoft:session-lock-lost'
  | 'com.microsoft:timeout';

export class ServiceBusError extends Error {
  override readonly name = 'ServiceBusError';

  constructor(
    readonly condition: Condition,
    message: string,
  ) {
    super(message);
  }
}

export const notFound = (path: string): ServiceBusError =>
  new ServiceBusError('amqp:not-found', `The messaging entity '${path}' could not be found.`);

export const notImplemented = (what: string): ServiceBusError =>
  new ServiceBusError('amqp:not-implemented', `This stand-in for Service Bus does not implement ${what}.`);

export const notAllowed = (message: string): ServiceBusError =>
  new ServiceBusError('amqp:not-allowed', message);

export const badArgument = (message: string): ServiceBusError =>
  new ServiceBusError('com.microsoft:argument-error', message);

export const alreadyExists = (path: string): ServiceBusError =>
  new ServiceBusError('com.microsoft:entity-already-exists', `The entity '${path}' exists already.`);

export const serverBusy = (): ServiceBusError =>
  new ServiceBusError(
    'com.microsoft:server-busy',
    'The request was terminated because the entity is being throttled. A fault was set.',
  );

/** An error of ours, or what a failure of the stand-in itself is answered with; its stack goes to stderr. */
export const asServiceBusError = (error: unknown): ServiceBusError => {
  if (error instanceof ServiceBusError) return error;
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return new ServiceBusError(
    'amqp:internal-error',
    'The stand-in for Service Bus failed; its output says why.',
  );
};

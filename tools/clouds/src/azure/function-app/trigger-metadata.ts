import type { TypedData } from './functions-core.ts';
import type { ReceivedMessage } from './service-bus-client.ts';

/** As .NET's serializer writes what is neither text nor bytes. */
const typed = (value: unknown): TypedData => {
  if (value === undefined || value === null) return {};
  return typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) };
};

/** The largest time that .NET has, for messages that do not expire. */
const NEVER = '9999-12-31T23:59:59.9999999';

/**
 * A message's body as the host hands it to its worker; `@azure/functions` parses what is JSON.
 * @throws TypeError for bytes that are not UTF-8: the host binds messages to text
 */
export const bodyData = ({ body }: ReceivedMessage): TypedData => ({
  string: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body),
});

/**
 * The metadata of a trigger.
 * Source: https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger#message-metadata, and
 * AddBindingData in ServiceBusTriggerBindingStrategy.cs of https://github.com/Azure/azure-sdk-for-net
 */
export const metadataOf = (message: ReceivedMessage): Readonly<Record<string, TypedData>> => {
  const expires = message.expiresAtUtc;
  const expiresAt = expires && !Number.isNaN(expires.getTime()) ? expires.toISOString() : NEVER;
  const properties = message.applicationProperties ?? {};
  const values: Readonly<Record<string, unknown>> = {
    // .NET counts the current delivery, too.
    DeliveryCount: (message.deliveryCount ?? 0) + 1,
    DeadLetterSource: message.deadLetterSource,
    LockToken: message.lockToken,
    ExpiresAtUtc: expiresAt,
    ExpiresAt: expiresAt,
    EnqueuedTimeUtc: message.enqueuedTimeUtc?.toISOString(),
    EnqueuedTime: message.enqueuedTimeUtc?.toISOString(),
    MessageId: message.messageId,
    ContentType: message.contentType,
    ReplyTo: message.replyTo,
    SequenceNumber: message.sequenceNumber && Number(message.sequenceNumber.toString()),
    To: message.to,
    Subject: message.subject,
    Label: message.subject,
    CorrelationId: message.correlationId,
    ApplicationProperties: properties,
    UserProperties: properties,
    SessionId: message.sessionId,
    ReplyToSessionId: message.replyToSessionId,
    PartitionKey: message.partitionKey,
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typed(value)]));
};

import * as v from 'valibot';
import { environment, text } from '../env.ts';
import { callService } from '../portable/call.ts';
import { identityToken } from './identity.ts';

/** A message of Service Bus' REST API. */
export interface BusMessage {
  readonly Body: string;
  /** https://learn.microsoft.com/en-us/rest/api/servicebus/message-headers-and-properties */
  readonly BrokerProperties: Readonly<Record<string, string>>;
}

const token = identityToken('https://servicebus.azure.net');

/** `SERVICE_BUS_ENDPOINT` is set locally only; there is nobody who asks for a token. */
async function target(): Promise<{ readonly endpoint: string; readonly headers: object }> {
  const local = environment({ SERVICE_BUS_ENDPOINT: v.optional(v.string(), '') }).SERVICE_BUS_ENDPOINT;
  if (local !== '') return { endpoint: local, headers: {} };
  const env = environment({ SERVICE_BUS__fullyQualifiedNamespace: text });
  const endpoint = `https://${env.SERVICE_BUS__fullyQualifiedNamespace}`;
  return { endpoint, headers: { authorization: `Bearer ${await token()}` } };
}

/**
 * Sends messages in one batch, all or none, by the REST API: its client would take longer to load than the whole function.
 * https://learn.microsoft.com/en-us/rest/api/servicebus/send-message-batch
 *
 * Environment: `SERVICE_BUS__fullyQualifiedNamespace`, or locally `SERVICE_BUS_ENDPOINT`.
 *
 * @param entity a topic or a queue
 * @throws ServiceError: 400 and 413 for what is in the batch, 403 where it is too large or the entity is full, 410 where
 * there is no such entity
 */
export async function sendBatch(
  entity: string,
  messages: readonly BusMessage[],
  signal?: AbortSignal,
): Promise<void> {
  const { endpoint, headers } = await target();
  await callService('ServiceBus', `${endpoint}/${entity}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.microsoft.servicebus.json', ...headers },
    body: JSON.stringify(messages),
    signal,
  });
}

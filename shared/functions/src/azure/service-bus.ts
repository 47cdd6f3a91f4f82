import * as v from 'valibot';
import { environment } from '../env.ts';
import { callService } from '../portable/call.ts';
import { identityToken } from './identity.ts';

/** A message of Service Bus' REST API. */
export interface BusMessage {
  readonly Body: string;
  /** https://learn.microsoft.com/en-us/rest/api/servicebus/message-headers-and-properties */
  readonly BrokerProperties: Readonly<Record<string, string>>;
}

/** `SERVICE_BUS_ENDPOINT` is set locally only; there is nobody who asks for a token. */
const env = environment({
  SERVICE_BUS__fullyQualifiedNamespace: v.optional(v.string(), ''),
  SERVICE_BUS_ENDPOINT: v.optional(v.string(), ''),
});
const isLocal = env.SERVICE_BUS_ENDPOINT !== '';
const endpoint = isLocal ? env.SERVICE_BUS_ENDPOINT : `https://${env.SERVICE_BUS__fullyQualifiedNamespace}`;
const token = identityToken('https://servicebus.azure.net');

/**
 * Sends messages in one batch, all or none, by the REST API: its client would take longer to load than the whole function.
 * https://learn.microsoft.com/en-us/rest/api/servicebus/send-message-batch
 *
 * @param entity a topic or a queue
 * @throws ServiceError, 413 where the batch is larger than the entity takes
 */
export async function sendBatch(
  entity: string,
  messages: readonly BusMessage[],
  signal?: AbortSignal,
): Promise<void> {
  await callService('ServiceBus', `${endpoint}/${entity}/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/vnd.microsoft.servicebus.json',
      ...(!isLocal && { authorization: `Bearer ${await token()}` }),
    },
    body: JSON.stringify(messages),
    ...(signal && { signal }),
  });
}

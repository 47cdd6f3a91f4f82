import { envelopeOf } from '@orderly/functions/messaging/envelope';
import { inRequestContext } from '@orderly/functions/observability/request-context';
import { inClientSpan } from '@orderly/functions/observability/span';
import type { Attempt } from '../domain/attempt.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import { open, signatureHeaders, signingAt } from '../domain/secret.ts';
import { addressRules } from './address-rules.ts';
import { httpSender } from './http-sender.ts';
import { existingKey } from './secret-key.ts';

/** The longest that an attempt takes, in milliseconds, from the look-up of the host to the first kilobyte of the answer. */
export const attemptMs = 10_000;

const send = httpSender({ rules: addressRules(), timeoutMs: attemptMs });
const readKey = existingKey();

/**
 * Posts a delivery's event to its endpoint, signed by the Standard Webhooks specification. The body is the event in
 * CloudEvents' structured mode.
 *
 * @throws Error when the key of the secrets cannot be read
 */
export async function attempt(endpoint: Endpoint, delivery: Delivery, at: Date): Promise<Attempt> {
  const { endpointId, secrets, url } = endpoint;
  const { eventId: id, body } = delivery;
  const key = await readKey();
  const opened = signingAt(secrets, at).map((secret) => open(secret, key, endpointId));
  const headers = {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': 'Orderly-Webhooks/1',
    ...signatureHeaders(opened, { id, body, at }),
  };
  const attributes = { 'http.request.method': 'POST', 'server.address': new URL(url).hostname };
  return inContextOf(delivery, () => inClientSpan('POST', attributes, () => send({ url, headers, body })));
}

/** The attempt is a part of the trace that its event belongs to. */
function inContextOf<T>({ eventId, body }: Delivery, work: () => T): T {
  const { correlationid: correlationId = eventId, traceparent } = envelopeOf(body);
  const context = { correlationId, causationId: eventId, eventId, ...(traceparent && { traceparent }) };
  return inRequestContext(context, work);
}

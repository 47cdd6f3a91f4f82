import type { Attempt } from '../domain/attempt.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import { open, signatureHeaders, signingAt } from '../domain/secret.ts';
import { addressRules } from './address-rules.ts';
import { httpSender } from './http-sender.ts';
import { existingKey } from './secrets.ts';

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
  return send({ url, headers, body });
}

import {
  type Agent,
  type OutgoingHttpHeaders,
  request as requestHttp,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Delivery } from './message.ts';
import type { PushSettings } from './push-settings.ts';

/** Source: https://cloud.google.com/pubsub/docs/push#receive_push */
const ACKNOWLEDGING = new Set([102, 200, 201, 202, 204]);

/** What a push brings, as HTTP. */
export interface PushContent {
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** What HTTP itself says with headers, no attribute can say. */
const RESERVED = new Set([
  'connection',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const isHeader = (name: string, value: string): boolean => {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return !RESERVED.has(name.toLowerCase());
  } catch {
    return false;
  }
};

/**
 * The data alone as the body. With metadata, attributes are headers under their own names, and what Pub/Sub knows is in
 * headers `x-goog-pubsub-...`. There is none for the delivery attempt.
 * Source: https://cloud.google.com/pubsub/docs/payload-unwrapping
 */
const unwrapped = ({ message }: Delivery, subscription: string, writeMetadata: boolean): PushContent => {
  if (!writeMetadata) return { headers: {}, body: message.data };
  // Attributes that HTTP cannot carry are left out.
  const attributes = Object.entries(message.attributes).filter(([name, value]) => isHeader(name, value));
  return {
    headers: {
      ...Object.fromEntries(attributes.map(([name, value]) => [name.toLowerCase(), value])),
      'x-goog-pubsub-subscription-name': subscription,
      'x-goog-pubsub-message-id': message.id,
      'x-goog-pubsub-publish-time': new Date(message.publishedAt).toISOString(),
      ...(message.orderingKey !== '' &&
        isHeader('x', message.orderingKey) && { 'x-goog-pubsub-ordering-key': message.orderingKey }),
    },
    body: message.data,
  };
};

/** Source: https://cloud.google.com/pubsub/docs/push#receive_push */
const wrapped = ({ message, attempt }: Delivery, subscription: string): PushContent => {
  const publishTime = new Date(message.publishedAt).toISOString();
  const body = {
    message: {
      ...(Object.keys(message.attributes).length > 0 && { attributes: message.attributes }),
      data: message.data.toString('base64'),
      messageId: message.id,
      message_id: message.id,
      ...(message.orderingKey !== '' && { orderingKey: message.orderingKey }),
      publishTime,
      publish_time: publishTime,
    },
    subscription,
    ...(attempt > 0 && { deliveryAttempt: attempt }),
  };
  return { headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
};

export const pushContent = (
  delivery: Delivery,
  { unwrapped: noWrapper }: PushSettings,
  subscription: string,
): PushContent =>
  noWrapper ? unwrapped(delivery, subscription, noWrapper.writeMetadata) : wrapped(delivery, subscription);

/**
 * Sends a push.
 * @param token of Pub/Sub's identity, where the subscription has one
 * @returns whether the endpoint acknowledged
 */
export const sendPush = (
  endpoint: string,
  { headers, body }: PushContent,
  {
    agent,
    token,
    signal,
  }: { readonly agent: Agent; readonly token?: string | undefined; readonly signal: AbortSignal },
): Promise<boolean> =>
  new Promise((done) => {
    const isSecure = endpoint.startsWith('https:');
    const request = (isSecure ? requestHttps : requestHttp)(endpoint, {
      method: 'POST',
      // Connections are kept to endpoints of this machine only.
      ...(!isSecure && { agent }),
      headers: {
        ...headers,
        'content-length': body.length,
        'user-agent': 'CloudPubSub-Google',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      signal,
    });
    request.once('information', ({ statusCode }) => {
      if (ACKNOWLEDGING.has(statusCode)) done(true);
    });
    request.once('response', (response) => {
      response.resume();
      response.once('error', () => done(false));
      response.once('end', () => done(ACKNOWLEDGING.has(response.statusCode ?? 0)));
    });
    request.once('error', () => done(false));
    request.end(body);
  });

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '@orderly/aws/protocol/listen';
import type { Broker } from './broker.ts';
import {
  asServiceBusError,
  badArgument,
  type Condition,
  notImplemented,
  type ServiceBusError,
} from './errors.ts';
import { MESSAGE_BYTES } from './limits.ts';
import { checkSize } from './message.ts';
import { readBatch, readSingle } from './rest-message.ts';
import { manageSubscription, SUBSCRIPTION_PATH } from './subscription-requests.ts';

/** JSON of a batch is longer than its messages. */
const LARGEST_BODY_BYTES = 8 * MESSAGE_BYTES;
/** Source: https://learn.microsoft.com/rest/api/servicebus/send-message-batch#request-headers */
const BATCH = 'application/vnd.microsoft.servicebus.json';

export interface RestServer {
  /** E.g. `http://127.0.0.1:9672`. */
  readonly endpoint: string;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
}

/** Source: https://learn.microsoft.com/rest/api/servicebus/send-message-batch#response-codes */
const STATUS: Readonly<Partial<Record<Condition, number>>> = {
  'amqp:not-found': 410,
  'com.microsoft:entity-already-exists': 409,
  'amqp:link:message-size-exceeded': 403,
  'amqp:not-implemented': 501,
  'amqp:internal-error': 500,
  'com.microsoft:server-busy': 503,
};

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) checkSize(bytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const pathOf = ({ url = '' }: IncomingMessage): string => {
  const { pathname } = new URL(url, 'http://localhost');
  try {
    return decodeURIComponent(pathname.slice(1));
  } catch {
    throw badArgument(`${pathname} is not percent-encoded well.`);
  }
};

const entityOf = (method: string | undefined, path: string): string => {
  const [, entity] = /^(.+)\/messages\/?$/i.exec(path) ?? [];
  if (method === 'POST' && entity !== undefined) return entity;
  throw notImplemented(
    `${method} /${path} over HTTP; it takes POST /{topic or queue}/messages, and subscriptions`,
  );
};

const send = (broker: Broker, { method, headers }: IncomingMessage, path: string, body: Buffer): void => {
  const isBatch = headers['content-type'] === BATCH;
  broker.publish(entityOf(method, path), isBatch ? readBatch(body) : [readSingle(headers, body)]);
};

const ATOM = 'application/atom+xml;type=entry;charset=utf-8';

const serve = async (broker: Broker, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  let isManagement = false;
  try {
    broker.check();
    const path = pathOf(request);
    isManagement = SUBSCRIPTION_PATH.test(path);
    const body = await readBody(request);
    if (isManagement) {
      const { method, headers } = request;
      const isChange = headers['if-match'] !== undefined;
      const answer = await manageSubscription(broker, { method, path, body, isChange });
      response.writeHead(answer.status, { 'content-type': ATOM }).end(answer.body);
      return;
    }
    send(broker, request, path, body);
    const contentType = request.headers['content-type'];
    response
      .writeHead(201, { 'content-length': 0, ...(contentType && { 'content-type': contentType }) })
      .end();
  } catch (error) {
    const refusal = asServiceBusError(error);
    const isMissing = isManagement && refusal.condition === 'amqp:not-found';
    answerError(response, refusal, isMissing ? 404 : (STATUS[refusal.condition] ?? 400));
  }
};

const escapeXml = (text: string): string =>
  text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);

const answerError = (response: ServerResponse, { message }: ServiceBusError, status: number): void => {
  response.writeHead(status, { 'content-type': 'application/xml; charset=utf-8', connection: 'close' });
  response.end(
    `<Error><Code>${status}</Code><Detail>${escapeXml(message)} TrackingId:${randomUUID()}</Detail></Error>`,
  );
};

/**
 * Serves what Service Bus has over HTTP: POST /{topic or queue}/messages, for one message or a batch, and the subscriptions of a
 * topic, see `manageSubscription`. Tokens are not checked.
 * Source: https://learn.microsoft.com/rest/api/servicebus/send-message-to-queue
 * @param port 0 for any free one
 * @throws Error when the port is taken
 */
export const startRest = async (broker: Broker, port: number): Promise<RestServer> => {
  const server = createServer((request, response) => {
    void serve(broker, request, response);
  });
  const { url, stop } = await listen(server, port);
  return { endpoint: url, stop };
};

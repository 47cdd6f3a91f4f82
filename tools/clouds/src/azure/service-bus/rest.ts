import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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

const HOST = '127.0.0.1';
const KEEP_ALIVE_MS = 120_000;
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

const entityOf = ({ method, url = '' }: IncomingMessage): string => {
  const { pathname } = new URL(url, `http://${HOST}`);
  const [, entity] = /^\/(.+)\/messages\/?$/i.exec(pathname) ?? [];
  if (method !== 'POST' || entity === undefined)
    throw notImplemented(`${method} ${pathname} over HTTP; it takes POST /{topic or queue}/messages`);
  try {
    return decodeURIComponent(entity);
  } catch {
    throw badArgument(`${entity} is not percent-encoded well.`);
  }
};

const send = async (broker: Broker, request: IncomingMessage): Promise<void> => {
  broker.check();
  const entity = entityOf(request);
  const body = await readBody(request);
  const isBatch = request.headers['content-type'] === BATCH;
  broker.publish(entity, isBatch ? readBatch(body) : [readSingle(request.headers, body)]);
};

const escapeXml = (text: string): string =>
  text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);

const answerError = (response: ServerResponse, { condition, message }: ServiceBusError): void => {
  const status = STATUS[condition] ?? 400;
  response.writeHead(status, { 'content-type': 'application/xml; charset=utf-8', connection: 'close' });
  response.end(
    `<Error><Code>${status}</Code><Detail>${escapeXml(message)} TrackingId:${randomUUID()}</Detail></Error>`,
  );
};

/**
 * Serves what Service Bus has for senders over HTTP: POST /{topic or queue}/messages, for one message or a batch. Tokens are not
 * checked.
 * Source: https://learn.microsoft.com/rest/api/servicebus/send-message-to-queue
 * @param port 0 for any free one
 * @throws Error when the port is taken
 */
export const startRest = async (broker: Broker, port: number): Promise<RestServer> => {
  const server = createServer((request, response) => {
    send(broker, request).then(
      () => {
        const contentType = request.headers['content-type'];
        response
          .writeHead(201, { 'content-length': 0, ...(contentType && { 'content-type': contentType }) })
          .end();
      },
      (error: unknown) => answerError(response, asServiceBusError(error)),
    );
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(port, HOST);
  await once(server, 'listening');
  const { port: actual } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { endpoint: `http://${HOST}:${actual}`, stop };
};

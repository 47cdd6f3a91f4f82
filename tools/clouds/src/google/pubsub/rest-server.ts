import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '@orderly/aws/protocol/listen';
import type { Fields } from './fields.ts';
import { type CallContext, call } from './operations.ts';
import { findRestCall } from './rest-routes.ts';
import { asPubSubError, invalidArgument } from './status.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** 10 MB of messages in base64, and the JSON around them. */
const LARGEST_BODY_BYTES = 16_000_000;

export interface RestServer {
  /** E.g. `http://127.0.0.1:8085`. */
  readonly url: string;
  stop(): Promise<void>;
}

const readBody = async (request: IncomingMessage): Promise<Fields> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) throw invalidArgument('The request is larger than 10 MB.');
    chunks.push(chunk);
  }
  if (bytes === 0) return {};
  // A page of a browser can send anything else to any port of this machine.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    throw invalidArgument('The body is not application/json.');
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Fields;
  } catch {
    // Answered below.
  }
  throw invalidArgument('The body is not a JSON object.');
};

/** Protobuf's JSON has bytes in base64. */
const toJson = (value: unknown): unknown => {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toJson(one)]));
};

const send = (response: ServerResponse, status: number, body: unknown): void => {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
};

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  context: Omit<CallContext, 'signal'>,
): Promise<void> => {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const body = await readBody(request);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const { operation, input } = findRestCall(request.method ?? 'GET', url, body);
    send(response, 200, toJson(await call(operation, input, { ...context, signal: gone.signal })));
  } catch (error) {
    const { httpStatus: code, message, status } = asPubSubError(error);
    send(response, code, { error: { code, message, status } });
  }
};

/**
 * The edge for HTTP clients: Pub/Sub's REST API, and what verifies the tokens of its pushes (OpenID Connect Discovery).
 * Callers need no credentials.
 * Source: https://cloud.google.com/pubsub/docs/reference/rest
 * @param makeIssuer gets the URL, which is known once the port is
 */
export const startRestServer = async (
  context: Omit<CallContext, 'signal'>,
  makeIssuer: (url: string) => Promise<TokenIssuer>,
  port: number,
): Promise<RestServer & { readonly issuer: TokenIssuer }> => {
  const server = createServer();
  const { url, stop } = await listen(server, port);
  const issuer = await makeIssuer(url);
  const jwksPath = '/oauth2/v3/certs';
  const documents: Readonly<Record<string, unknown>> = {
    [jwksPath]: issuer.keys,
    '/.well-known/openid-configuration': {
      issuer: url,
      jwks_uri: `${url}${jwksPath}`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    },
  };
  server.on('request', (request, response) => {
    const document = request.method === 'GET' ? documents[request.url ?? ''] : undefined;
    if (document !== undefined) send(response, 200, document);
    else void answer(request, response, context);
  });
  return { url, issuer, stop };
};

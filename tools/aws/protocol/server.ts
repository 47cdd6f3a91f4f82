import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Chance } from '../chance.ts';
import { AwsError } from './error.ts';
import { HOST, listen } from './listen.ts';
import type { AwsService, Caller, ErrorAnswer, JsonObject } from './service.ts';

/** No service takes more: the largest is a batch of DynamoDB with 16 MB. */
const LARGEST_BODY_BYTES = 20 * 1024 ** 2;

export interface AwsServer {
  /** E.g. `http://127.0.0.1:8000`. */
  readonly endpoint: string;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
}

interface Answer extends ErrorAnswer {
  readonly status: number;
}

const unknownOperation = (): Answer => ({
  status: 400,
  body: { __type: 'com.amazon.coral.service#UnknownOperationException' },
});

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES)
      throw new AwsError('RequestEntityTooLarge', 'Request body is too large.', { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const parseBody = (text: string): JsonObject => {
  try {
    const body: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject;
  } catch {
    // Answered below: AWS names only the kind of error.
  }
  throw new AwsError('SerializationException', 'The request body is not a JSON object.');
};

const toAnswer = (service: AwsService, error: unknown): Answer => {
  if (error instanceof AwsError) return { status: error.status, ...service.describeError(error) };
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  const internal = new AwsError('InternalServerError', 'The embedded AWS failed; its output says why.');
  return { status: 500, ...service.describeError(internal) };
};

const answer = async (
  services: readonly AwsService[],
  request: IncomingMessage,
  caller: Caller,
): Promise<Answer> => {
  const [target = '', operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  const service = services.find(({ targets }) => targets.includes(target));
  if (!service) return unknownOperation();
  try {
    const input = parseBody(await readBody(request));
    return { status: 200, body: await service.call(target, operation, input, caller) };
  } catch (error) {
    return toAnswer(service, error);
  }
};

const send = (response: ServerResponse, { status, body, headers }: Answer, requestId: string): void => {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': requestId,
    ...headers,
  });
  response.end(text);
};

/**
 * Serves AWS services over AWS's JSON 1.0 protocol on 127.0.0.1. Signatures are not checked.
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 * @param port 0 for any free one
 * @throws Error when the port is taken
 */
export const startServer = async (
  services: readonly AwsService[],
  { port, chance }: { readonly port: number; readonly chance: Chance },
): Promise<AwsServer> => {
  const server = createServer((request, response) => {
    const gone = new AbortController();
    const undelivered = new AbortController();
    response.once('close', () => {
      gone.abort();
      if (!response.writableFinished) undelivered.abort();
    });
    const origin = `http://${request.headers.host ?? HOST}`;
    const caller = { signal: gone.signal, undelivered: undelivered.signal, origin };
    void answer(services, request, caller).then((result) => {
      if (!response.destroyed) send(response, result, chance.uuid());
    });
  });
  const { url, stop } = await listen(server, port);
  return { endpoint: url, stop };
};

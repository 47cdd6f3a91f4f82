import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A call of an AWS API on its way to an emulator. */
export interface AwsCall {
  /** E.g. `PutItem` or `ReceiveMessage`. */
  readonly operation: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** JSON. */
  readonly body: string;
}

export interface AwsReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Carries a call out, with another body where one is given. */
export type Forward = (body?: string) => Promise<AwsReply>;

/** Decides what the caller gets; without a reply its connection is cut. */
export type Intercept = (call: AwsCall, forward: Forward) => Promise<AwsReply | undefined>;

export interface AwsProxy {
  readonly url: string;
  close(): void;
}

/** Of one connection only, or no longer true once the body is read. */
const dropped = new Set([
  'host',
  'connection',
  'keep-alive',
  'expect',
  'content-length',
  'content-encoding',
  'transfer-encoding',
]);

const kept = (headers: Iterable<readonly [string, unknown]>): Record<string, string> =>
  Object.fromEntries(
    [...headers].filter(([name]) => !dropped.has(name)).map(([name, value]) => [name, String(value)]),
  );

/**
 * Stands between programs and an emulator of an AWS API with a JSON protocol (DynamoDB, SQS).
 *
 * @param target the emulator's URL; queue URLs in it are shown with the proxy's own instead
 */
export const startAwsProxy = async (target: string, intercept: Intercept): Promise<AwsProxy> => {
  let url = '';
  const server = createServer(async (request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const call = {
      operation: String(request.headers['x-amz-target']).split('.').at(-1) ?? '',
      headers: request.headers,
      body: (await text(request)).replaceAll(url, target),
    };
    const forward: Forward = async (body = call.body) => {
      const answer = await fetch(`${target}${request.url}`, {
        method: 'POST',
        headers: kept(Object.entries(request.headers)),
        body,
        // A long poll of a caller that is gone must take no more messages; other calls are carried out.
        ...(call.operation === 'ReceiveMessage' && { signal: gone.signal }),
      });
      const reply = (await answer.text()).replaceAll(target, url);
      return { status: answer.status, headers: kept(answer.headers), body: reply };
    };
    const reply = await intercept(call, forward).catch(() => undefined);
    if (reply === undefined) request.socket.destroy();
    else response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
};

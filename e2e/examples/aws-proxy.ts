import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Decides about one request. `forward` carries it out; without a reply the caller is cut off. */
export type Interception = (forward: () => Promise<Reply>) => Promise<Reply | undefined>;

/** Stands between a program and an emulator, so that a test can act at one exact request. */
export interface AwsProxy {
  readonly url: string;
  /**
   * Acts at one request for an operation, e.g. the third `TransactWriteItems` from now on (1 is the next).
   * @returns a promise that resolves when it has come and was dealt with
   */
  intercept(operation: string, number: number, interception: Interception): Promise<void>;
  /** Forgets interceptions whose request did not come. */
  reset(): void;
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

/** @param target the emulator's URL; queue URLs in it are shown with the proxy's own instead */
export async function startProxy(target: string): Promise<AwsProxy> {
  const pending: { operation: string; left: number; interception: Interception }[] = [];
  let url = '';

  function interceptionOf(operation: string | undefined): Interception | undefined {
    const found = pending.find((entry) => entry.operation === operation);
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left > 0) return undefined;
    pending.splice(pending.indexOf(found), 1);
    return found.interception;
  }

  const server = createServer(async (request, response) => {
    const cut = new AbortController();
    // A long poll of a caller that is gone must not take messages any more.
    response.once('close', () => cut.abort());
    const body = (await text(request)).replaceAll(url, target);
    const forward = async (): Promise<Reply> => {
      const answer = await fetch(`${target}${request.url}`, {
        method: 'POST',
        headers: kept(Object.entries(request.headers)),
        body,
        signal: cut.signal,
      });
      const reply = (await answer.text()).replaceAll(target, url);
      return { status: answer.status, headers: kept(answer.headers), body: reply };
    };
    const operation = String(request.headers['x-amz-target']).split('.').at(-1);
    const reply = await (interceptionOf(operation)?.(forward) ?? forward()).catch(() => undefined);
    if (reply === undefined) request.socket.destroy();
    else response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    intercept(operation, number, interception) {
      return new Promise((dealtWith) => {
        const observed: Interception = (forward) => interception(forward).finally(dealtWith);
        pending.push({ operation, left: number, interception: observed });
      });
    },
    reset() {
      pending.length = 0;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

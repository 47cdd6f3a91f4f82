import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type ClientOptions, createClient, UnreachableError } from '../src/client.ts';

interface Seen {
  readonly method: string | undefined;
  readonly key: string | string[] | undefined;
  readonly body: string;
}

type Respond = (attempt: number, response: ServerResponse) => void;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

const read = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
};

const serve = async (respond: Respond, port = 0): Promise<{ url: string; port: number; seen: Seen[] }> => {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      seen.push({ method: request.method, key: request.headers['idempotency-key'], body });
      respond(seen.length, response);
    });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://127.0.0.1:${bound}/orders`, port: bound, seen };
};

const client = (options: Partial<ClientOptions> = {}) =>
  createClient({
    signal: new AbortController().signal,
    backoff: { first: 1, longest: 10 },
    deadlineMs: 60_000,
    ...options,
  });

const reply = (response: ServerResponse, status: number, body: unknown, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

describe('the client', () => {
  it('sends JSON with its idempotency key and hands over the answer', async () => {
    const { url, seen } = await serve((_, response) => reply(response, 201, { orderId: '1' }));
    const answer = await client()({ method: 'POST', url, body: { a: 1 }, idempotencyKey: 'k1' });
    expect(answer).toEqual({ status: 201, body: { orderId: '1' } });
    expect(seen).toEqual([{ method: 'POST', key: 'k1', body: '{"a":1}' }]);
  });

  it.each([400, 404, 409, 422])('does not try again what is refused with %d', async (status) => {
    const { url, seen } = await serve((_, response) => reply(response, status, { title: 'no' }));
    expect(await client()({ method: 'GET', url })).toEqual({ status, body: { title: 'no' } });
    expect(seen).toHaveLength(1);
  });

  it.each([500, 502, 503, 429])('tries again after %d with the same key and body', async (status) => {
    const { url, seen } = await serve((attempt, response) =>
      reply(response, attempt < 3 ? status : 201, { attempt }),
    );
    const answer = await client()({ method: 'POST', url, body: { a: 1 }, idempotencyKey: 'k1' });
    expect(answer).toEqual({ status: 201, body: { attempt: 3 } });
    expect(seen).toEqual(Array.from({ length: 3 }, () => ({ method: 'POST', key: 'k1', body: '{"a":1}' })));
  });

  it('tries again when the connection breaks in the middle', async () => {
    const { url, seen } = await serve((attempt, response) => {
      if (attempt === 1) response.destroy();
      else reply(response, 200, {});
    });
    expect((await client()({ method: 'GET', url })).status).toBe(200);
    expect(seen).toHaveLength(2);
  });

  it('tells of each attempt that another follows', async () => {
    const { url } = await serve((attempt, response) => reply(response, attempt < 3 ? 503 : 200, { attempt }));
    const failures: string[] = [];
    await client({ onRetry: (failure) => failures.push(failure) })({ method: 'GET', url });
    expect(failures).toEqual(['503 {"attempt":1}', '503 {"attempt":2}']);
  });

  it('tries again when an attempt takes too long', async () => {
    const { url, seen } = await serve((attempt, response) => {
      if (attempt > 1) reply(response, 200, {});
    });
    expect((await client({ attemptMs: 100 })({ method: 'GET', url })).status).toBe(200);
    expect(seen.length).toBeGreaterThan(1);
  });

  it('tries again when the answer is cut off', async () => {
    const { url } = await serve((attempt, response) => {
      if (attempt === 1) response.writeHead(200).end('{"half":');
      else reply(response, 200, { whole: true });
    });
    expect((await client()({ method: 'GET', url })).body).toEqual({ whole: true });
  });

  it("tries again when serverless-offline hands a function's own error over as a 200", async () => {
    const failure = {
      errorMessage: '[504] - Lambda timeout.',
      errorType: 'LambdaTimeoutError',
      stackTrace: [],
    };
    const { url, seen } = await serve((attempt, response) =>
      reply(response, 200, attempt === 1 ? failure : { sku: 'A' }),
    );
    expect((await client()({ method: 'GET', url })).body).toEqual({ sku: 'A' });
    expect(seen).toHaveLength(2);
  });

  it('outlives a service that is stopped and started again', async () => {
    const { url, port } = await serve((_, response) => reply(response, 200, {}));
    const [server] = servers.splice(0);
    server?.closeAllConnections();
    await new Promise((done) => server?.close(done));
    const answer = client()({ method: 'GET', url });
    await serve((_, response) => reply(response, 200, { back: true }), port);
    expect((await answer).body).toEqual({ back: true });
  });

  it('waits as long as Retry-After says', async () => {
    const { url } = await serve((attempt, response) =>
      reply(response, attempt === 1 ? 503 : 200, {}, { 'retry-after': '1' }),
    );
    const start = Date.now();
    await client()({ method: 'GET', url });
    expect(Date.now() - start).toBeGreaterThanOrEqual(950);
  });

  it('gives up at the deadline and says what happened', async () => {
    const { url } = await serve((_, response) => reply(response, 500, { title: 'broken' }));
    // Over with the first answer, however long that takes.
    const answer = client({ deadlineMs: 0 })({ method: 'GET', url });
    await expect(answer).rejects.toThrow(UnreachableError);
    await expect(answer).rejects.toThrow(/GET http.*no usable answer.*500 \{"title":"broken"\}/);
  });

  it('names the reason of a refused connection', async () => {
    const { url } = await serve(() => {});
    const [server] = servers.splice(0);
    await new Promise((done) => server?.close(done));
    await expect(client({ deadlineMs: 50 })({ method: 'GET', url })).rejects.toThrow(/ECONNREFUSED/);
  });

  it('stops at once when it is aborted', async () => {
    const { url } = await serve((_, response) => reply(response, 503, {}, { 'retry-after': '60' }));
    const stop = new AbortController();
    const answer = client({ signal: stop.signal, deadlineMs: 100_000 })({ method: 'GET', url });
    stop.abort(new Error('Interrupted'));
    await expect(answer).rejects.toThrow();
  });
});

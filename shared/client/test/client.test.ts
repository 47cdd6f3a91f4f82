import { type ClientOptions, NoAnswerError, type Order, orderlyClient, ProblemError } from '../src/index.ts';

const urls = {
  orders: 'https://orders.test/v1/',
  inventory: 'https://inventory.test',
  notifications: 'https://notifications.test',
};

const order = { orderId: 'o-1', status: 'PLACED' } as Order;
const body = { customer: { id: 'alice', email: 'alice@example.com' }, lines: [{ sku: 'MUG', quantity: 2 }] };
const request = { orderId: 'o-1' };

const json = (status: number, value: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });

const problem = (status: number, fields: object = {}, headers: Record<string, string> = {}) =>
  json(status, fields, { 'content-type': 'application/problem+json', ...headers });

const refused = () => new TypeError('fetch failed', { cause: { message: '', code: 'ECONNREFUSED' } });

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A client whose requests get these answers, one after the other; the last one again and again. */
function clientOf(answers: readonly (() => Response | Error)[], options: Partial<ClientOptions> = {}) {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (url, init = {}) => {
    sent.push({
      method: init.method ?? '',
      url: String(url),
      headers: Object.fromEntries(new Headers(init.headers)),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    });
    const answer = (answers[sent.length - 1] ?? answers.at(-1))?.();
    if (answer instanceof Response) return answer;
    throw answer;
  };
  return { client: orderlyClient({ urls, fetch, ...options }), sent };
}

const failure = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

/** The pauses of the client, in milliseconds: the clock jumps over them. */
const pauses: number[] = [];
beforeEach(() => {
  pauses.length = 0;
  let now = Date.parse('2026-01-31T12:00:00Z');
  const { setTimeout: start } = globalThis;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  jest.spyOn(globalThis, 'setTimeout').mockImplementation((callback, ms = 0) => {
    pauses.push(ms);
    now += ms;
    return start(callback, 0);
  });
});
afterEach(() => jest.restoreAllMocks());

describe('an operation', () => {
  it('becomes one request to its service, and answers the body', async () => {
    const { client, sent } = clientOf([() => json(201, order)], { token: 'secret' });

    await expect(client.orders.placeOrder({ body, idempotencyKey: 'k-1' })).resolves.toEqual(order);

    const authorization = 'Bearer secret';
    const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': 'k-1' };
    expect(sent).toEqual([{ method: 'POST', url: 'https://orders.test/v1/orders', headers, body }]);
  });

  it('percent-encodes what comes into its path and its query', async () => {
    const { client, sent } = clientOf([() => json(200, { items: [] })]);

    await client.inventory.getProduct({ sku: 'GRÜN & ROT' });
    await client.orders.listOrders({ customerId: 'a|b', limit: 5, cursor: undefined });
    await client.inventory.listProducts({});

    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET https://inventory.test/products/GR%C3%9CN%20%26%20ROT',
      'GET https://orders.test/v1/orders?customerId=a%7Cb&limit=5',
      'GET https://inventory.test/products',
    ]);
  });

  it('shows the token, the correlation id and the trace', async () => {
    let tokens = 0;
    const token = async () => `token-${++tokens}`;
    const { client, sent } = clientOf([() => problem(503), () => json(200, order)], { token });

    await client.orders.cancelOrder(request, { correlationId: 'checkout-1', traceparent: '00-a-b-01' });

    const same = { 'x-correlation-id': 'checkout-1', traceparent: '00-a-b-01' };
    expect(sent.map(({ headers }) => headers)).toEqual([
      { authorization: 'Bearer token-1', ...same },
      { authorization: 'Bearer token-2', ...same },
    ]);
  });

  it('needs the URL of its service', async () => {
    const client = orderlyClient({ urls: { orders: urls.orders } });

    expect(() => client.inventory.getProduct({ sku: 'MUG' })).toThrow('no URL of the service inventory');
    expect(() => orderlyClient({ urls: { orders: 'orders.test' } })).toThrow('Invalid URL');
  });
});

describe('a refusal', () => {
  it('is thrown with its problem details and is not repeated', async () => {
    const errors = [{ path: '/body/lines/0/sku', message: 'Unknown SKU: CUP' }];
    const fields = {
      type: 'urn:orderly:problem:unknown-sku',
      title: 'Unprocessable Entity',
      status: 422,
      detail: 'Unknown SKU: CUP',
      errors,
      requestId: 'r-1',
    };
    const { client, sent } = clientOf([() => problem(422, fields)]);

    const error = await failure(client.orders.placeOrder({ body, idempotencyKey: 'k-1' }));

    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject(fields);
    expect(String(error)).toBe(
      'ProblemError: POST https://orders.test/v1/orders was refused with 422: Unknown SKU: CUP; /body/lines/0/sku: Unknown SKU: CUP',
    );
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['API Gateway', () => json(403, { message: 'Forbidden' }), 'Forbidden'],
    ['a proxy', () => new Response('<h1>No</h1>', { status: 403 }), 'HTTP 403'],
    ['a proxy in JSON', () => json(403, null), 'HTTP 403'],
  ])('of %s is about:blank', async (_, answer, detail) => {
    const error = await failure(clientOf([answer]).client.orders.getOrder(request));

    expect(error).toMatchObject({
      type: 'about:blank',
      status: 403,
      detail,
      errors: [],
      requestId: undefined,
    });
  });
});

describe('what may pass', () => {
  const failures: readonly [string, () => Response | Error][] = [
    ['429', () => problem(429)],
    ['500', () => json(500, { message: 'Internal Server Error' })],
    ['503', () => problem(503)],
    ['a broken connection', refused],
    ['a success that was cut off', () => new Response('{"orderId":', { status: 200 })],
  ];

  it.each(failures)('%s is followed by another attempt', async (_, fails) => {
    const reasons: string[] = [];
    const onRetry = ({ name }: Error) => reasons.push(name);
    const { client, sent } = clientOf([fails, fails, () => json(200, order)], { onRetry });

    await expect(client.orders.getOrder(request)).resolves.toEqual(order);

    expect(sent).toHaveLength(3);
    expect(reasons).toHaveLength(2);
  });

  it('repeats every operation that is idempotent, with the same key and body', async () => {
    const adjustment = { quantity: 10, reason: 'first delivery' };
    const details = { name: 'Mug', price: 1250, currency: 'EUR' } as const;
    const { client, sent } = clientOf([() => problem(503), () => json(200, {})]);
    const operations = [
      () => client.orders.placeOrder({ body, idempotencyKey: 'k-1' }),
      () => client.inventory.adjustStock({ sku: 'MUG', body: adjustment, idempotencyKey: 'k-2' }),
      () => client.inventory.putProduct({ sku: 'MUG', body: details }),
      () => client.orders.cancelOrder(request),
      () => client.orders.shipOrder(request),
    ];

    for (const operation of operations) {
      sent.length = 0;
      await operation();
      expect(sent).toHaveLength(2);
      expect(sent[1]).toEqual(sent[0]);
    }
  });

  it.each([
    ['placeOrder', { body }],
    ['adjustStock', { sku: 'MUG', body: { quantity: 1, reason: 'found' } }],
  ] as const)('never repeats %s without a key, which could happen twice', async (operation, request) => {
    const { client, sent } = clientOf([() => problem(503)]);
    const call = { ...client.orders, ...client.inventory }[operation] as (r: object) => Promise<unknown>;

    await expect(call(request)).rejects.toThrow(ProblemError);
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['seconds', '7'],
    ['a date', 'Sat, 31 Jan 2026 12:00:07 GMT'],
  ])('waits as long as Retry-After says in %s', async (_, retryAfter) => {
    const throttled = () => problem(429, {}, { 'retry-after': retryAfter });
    const { client } = clientOf([throttled, () => json(200, order)]);

    await expect(client.orders.getOrder(request)).resolves.toEqual(order);

    expect(pauses).toEqual([7_000]);
  });

  it('is awaited with pauses that grow to three seconds, and given up after the time set for it', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    const { client, sent } = clientOf([refused], { retryForMs: 15_000 });

    const error = await failure(client.orders.getOrder(request));

    expect(error).toBeInstanceOf(NoAnswerError);
    expect(String(error)).toBe(
      'NoAnswerError: GET https://orders.test/v1/orders/o-1 has no answer: fetch failed: ECONNREFUSED',
    );
    expect(pauses).toEqual([100, 200, 400, 800, 1600, 3000, 3000, 3000]);
    expect(sent).toHaveLength(9);
  });

  it('is an error at once when no time is set for it', async () => {
    const { client, sent } = clientOf([() => problem(503)], { retryForMs: 0 });

    await expect(client.orders.getOrder(request)).rejects.toMatchObject({ status: 503 });
    expect(sent).toHaveLength(1);
  });
});

describe('an attempt', () => {
  /** Never answers; ends with its signal, as `fetch` does. */
  const silent: typeof fetch = (_, { signal } = {}) =>
    new Promise((_resolve, reject) => {
      const abort = () => reject(signal?.reason);
      if (signal?.aborted) abort();
      signal?.addEventListener('abort', abort);
    });

  it('ends after its time limit', async () => {
    const client = orderlyClient({ urls, fetch: silent, timeoutMs: 5, retryForMs: 0 });

    await expect(client.orders.getOrder(request)).rejects.toThrow(/has no answer: .*timeout/);
  });

  it.each([
    [
      'client',
      (signal: AbortSignal) => orderlyClient({ urls, fetch: silent, signal }).orders.getOrder(request),
    ],
    [
      'call',
      (signal: AbortSignal) => orderlyClient({ urls, fetch: silent }).orders.getOrder(request, { signal }),
    ],
  ])('ends with the signal of the %s', async (_, start) => {
    const stop = new AbortController();
    const answer = start(stop.signal);
    stop.abort(new Error('Stopped'));

    await expect(answer).rejects.toThrow('Stopped');
    await expect(start(stop.signal)).rejects.toThrow('Stopped');
  });

  it.each([
    ['before', (abort: () => void) => abort()],
    ['in', (abort: () => void) => queueMicrotask(abort)],
  ])('does not follow a pause when the signal comes %s it', async (_, onRetry) => {
    const stop = new AbortController();
    const { client, sent } = clientOf([() => problem(503)], {
      onRetry: () => onRetry(() => stop.abort(new Error('Stopped'))),
    });

    await expect(client.orders.getOrder(request, { signal: stop.signal })).rejects.toThrow('Stopped');
    expect(sent).toHaveLength(1);
  });
});

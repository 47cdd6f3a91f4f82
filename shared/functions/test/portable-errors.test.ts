import { type AddressInfo, connect, createServer } from 'node:net';
import { isThrottle, isTransient } from '../src/portable/errors.ts';
import { ServiceError } from '../src/portable/service-error.ts';
import { localServer } from './local-server.ts';

const server = localServer();
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const error = (more: object) => Object.assign(new Error('message'), more);
const failedFetch = (code: string) =>
  Object.assign(new TypeError('fetch failed'), { cause: error({ code }) });

describe('an error is transient', () => {
  it('if nobody listens', async () => {
    const { port } = await new Promise<AddressInfo>((closed) => {
      const closing = createServer().listen(0, '127.0.0.1', () => {
        const address = closing.address() as AddressInfo;
        closing.close(() => closed(address));
      });
    });

    expect(isTransient(await failure(fetch(`http://127.0.0.1:${port}`)))).toBe(true);
  });

  it('if the connection is lost before the answer', async () => {
    server.answer = () => undefined;

    expect(isTransient(await failure(fetch(server.url)))).toBe(true);
  });

  it('if the answer is late', async () => {
    server.answer = () => new Promise(() => undefined);

    const late = await failure(fetch(server.url, { signal: AbortSignal.timeout(20) }));

    expect(isTransient(late)).toBe(true);
  });

  it('if the deadline of a request has aborted it', async () => {
    server.answer = () => new Promise(() => undefined);
    const controller = new AbortController();
    const aborted = failure(fetch(server.url, { signal: controller.signal }));
    controller.abort();

    expect(isTransient(await aborted)).toBe(true);
  });

  it.each([429, 500, 503, 599])('if a service answers %d', (status) => {
    expect(isTransient(new ServiceError('busy', status))).toBe(true);
  });

  it.each([
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_SOCKET',
    'HPE_INVALID_CONSTANT',
    'ENOTFOUND',
  ])('if a fetch fails by %s', (code) => {
    expect(isTransient(failedFetch(code))).toBe(true);
  });

  it.each([{ code: '53300' }, { code: '57P01' }, { code: '40001' }, { name: 'AbortError' }])(
    'with the shape %j of the database',
    (shape) => {
      expect(isTransient(error(shape))).toBe(true);
    },
  );

  it('if Node finds nothing that accepts a connection', async () => {
    const refused = await new Promise((resolve) => connect(1, '127.0.0.1').on('error', resolve));

    expect(isTransient(refused)).toBe(true);
  });
});

describe('an error is permanent', () => {
  it.each([400, 401, 403, 404, 413, 499])('if a service answers %d', (status) => {
    expect(isTransient(new ServiceError('refused', status))).toBe(false);
  });

  it.each(['CERT_HAS_EXPIRED', 'ERR_INVALID_URL', 'UND_ERR_INVALID_ARG'])(
    'if a fetch fails by %s',
    (code) => {
      expect(isTransient(failedFetch(code))).toBe(false);
    },
  );

  it.each([{}, { status: 503 }, { code: '23514' }, { cause: error({ code: 'ECONNRESET' }) }])(
    'with the shape %j',
    (shape) => {
      expect(isTransient(error(shape))).toBe(false);
    },
  );

  it.each([undefined, null, 'TimeoutError', { name: 'TimeoutError' }, new DOMException('', 'DataError')])(
    'if it is %j',
    (thrown) => {
      expect(isTransient(thrown)).toBe(false);
    },
  );
});

it('a throttle is too many requests, or too many connections of the database', () => {
  expect(isThrottle(new ServiceError('busy', 429))).toBe(true);
  expect(isThrottle(error({ code: '53300' }))).toBe(true);
  expect(isThrottle(new ServiceError('down', 503))).toBe(false);
  expect(isThrottle(error({ status: 429 }))).toBe(false);
});

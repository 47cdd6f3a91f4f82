import { ThrottledReadError } from '../src/aws/table.ts';
import { created, fallback, http, ok, securityHeaders } from '../src/http/handler.ts';
import { conflict, notFound, Problem, unprocessable } from '../src/http/problem.ts';
import { log } from '../src/observability/log.ts';
import { TransactionConflictError } from '../src/retry.ts';
import { ask, requestId } from './invocations.ts';

/** The answer of a route that throws `error`. */
async function answerTo(error: unknown) {
  const route = http({}, async () => {
    throw error;
  });
  return await ask(route);
}

/** An error as the AWS SDK throws it. */
const sdkError = (name: string, httpStatusCode: number, message = 'inner detail') =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode } });

describe('an answer', () => {
  it('is JSON with the id of the invocation', async () => {
    const route = http({}, async () => ok({ fine: true }));

    const answer = await ask(route);

    expect(answer).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json', 'x-request-id': requestId, ...securityHeaders },
      body: { fine: true },
    });
  });

  it('to a creation has the location of the new resource', async () => {
    const route = http({}, async () => created('/orders/1', { orderId: '1' }));

    const answer = await ask(route);

    expect(answer).toMatchObject({ status: 201, headers: { location: '/orders/1' }, body: { orderId: '1' } });
  });
});

describe('a problem', () => {
  it('is answered as RFC 9457 problem details with a stable type and the request id', async () => {
    const answer = await answerTo(conflict('order-shipped', 'The order has left; it cannot be cancelled'));

    expect(answer).toEqual({
      status: 409,
      headers: { 'content-type': 'application/problem+json', 'x-request-id': requestId, ...securityHeaders },
      body: {
        type: 'urn:orderly:problem:order-shipped',
        title: 'Conflict',
        status: 409,
        detail: 'The order has left; it cannot be cancelled',
        requestId,
      },
    });
  });

  it.each([
    [notFound('order-not-found', 'No such order'), 404, 'Not Found', undefined],
    [unprocessable('one-currency', 'One currency per order'), 422, 'Unprocessable Entity', undefined],
    [
      unprocessable('unknown-sku', 'Unknown SKU', [{ path: '/body/lines/0/sku', message: 'Unknown' }]),
      422,
      'Unprocessable Entity',
      [{ path: '/body/lines/0/sku', message: 'Unknown' }],
    ],
    [new Problem(410, 'gone', 'Gone'), 410, 'Gone', undefined],
  ])('is answered with its status, detail and errors: %s', async (problem, status, title, errors) => {
    const { body, ...answer } = await answerTo(problem);

    expect(answer.status).toBe(status);
    expect(body).toMatchObject({ title, status, detail: problem.detail });
    expect(body.errors).toEqual(errors);
  });

  it('may have headers, but no other content type or request id', async () => {
    const headers = { 'retry-after': '9', 'content-type': 'text/html', 'x-request-id': 'forged' };

    const answer = await answerTo(new Problem(503, 'closed', 'Closed', { headers }));

    expect(answer.headers).toEqual({
      ...securityHeaders,
      'retry-after': '9',
      'content-type': 'application/problem+json',
      'x-request-id': requestId,
    });
  });
});

describe('another error that is thrown', () => {
  it.each<[unknown, number, string, string]>([
    [sdkError('ThrottlingException', 400), 429, 'throttled', 'Too Many Requests'],
    [sdkError('SomethingElse', 429), 429, 'throttled', 'Too Many Requests'],
    [new ThrottledReadError('inner detail'), 429, 'throttled', 'Too Many Requests'],
    [sdkError('InternalServerError', 500), 503, 'unavailable', 'Service Unavailable'],
    [sdkError('TimeoutError', 0), 503, 'unavailable', 'Service Unavailable'],
    [new TransactionConflictError('inner detail'), 503, 'unavailable', 'Service Unavailable'],
    [sdkError('AccessDeniedException', 400), 500, 'internal-error', 'Internal Server Error'],
    [new TypeError('inner detail'), 500, 'internal-error', 'Internal Server Error'],
    ['inner detail', 500, 'internal-error', 'Internal Server Error'],
    [undefined, 500, 'internal-error', 'Internal Server Error'],
  ])('is answered without internals: %s with %d %s', async (error, status, code, title) => {
    const answer = await answerTo(error);

    expect(answer).toMatchObject({
      status,
      body: { type: `urn:orderly:problem:${code}`, title, status, requestId },
    });
    expect(answer.headers?.['retry-after']).toBe(status === 500 ? undefined : '1');
    expect(JSON.stringify(answer)).not.toMatch(/inner detail|stack|Exception/);
  });

  it('is in the log itself', async () => {
    const logged = jest.spyOn(log, 'error');
    const error = new Error('inner detail');

    await answerTo(error);

    expect(logged).toHaveBeenCalledWith('Request failed', { error });
  });
});

describe('a request for the route $default', () => {
  const answer = fallback({ '/orders/{orderId}': ['GET', 'PUT'], '/orders': ['POST'] });
  const send = async (method: string, rawPath: string, headers: Record<string, string> = {}) =>
    await ask(answer, { method, rawPath, routeKey: '$default', headers });

  it('is answered with 405 and the allowed methods, on a known path', async () => {
    expect(await send('DELETE', '/orders/17')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, PUT', 'x-request-id': requestId },
      body: {
        type: 'urn:orderly:problem:method-not-allowed',
        detail: 'DELETE is not allowed here; allowed: GET, PUT',
      },
    });
  });

  it.each(['/elsewhere', '/orders/', '/orders/17/', '/orders/17/18', '/an/orders', '/', ''])(
    'is answered with 404 on the path "%s"',
    async (path) => {
      expect(await send('DELETE', path)).toMatchObject({
        status: 404,
        body: { type: 'urn:orderly:problem:route-not-found' },
      });
    },
  );

  it('is answered with 204 if it is a preflight of a known path', async () => {
    const headers = { origin: 'https://shop.example.com', 'access-control-request-method': 'PUT' };

    expect(await send('OPTIONS', '/orders/17', headers)).toEqual({
      status: 204,
      headers: { allow: 'GET, PUT', ...securityHeaders, 'x-request-id': requestId },
      body: undefined,
    });
  });

  // Found by the fuzz suite: it was 400, which the API description does not have.
  it.each([
    ['/orders', 405],
    ['/elsewhere', 404],
  ])('is answered by its path alone, with any headers: %s', async (path, status) => {
    const headers = { 'idempotency-key': '', 'x-correlation-id': 'a\r\nb', traceparent: '\ud800' };

    expect((await send('GET', path, headers)).status).toBe(status);
  });
});

import { created, fallback, http, ok, securityHeaders } from '../src/http/handler.ts';
import { conflict, notFound, Problem, unprocessable } from '../src/http/problem.ts';
import { log } from '../src/observability/log.ts';
import { TransactionConflictError } from '../src/retry.ts';
import { ThrottledReadError } from '../src/table/table.ts';
import { context, request, requestId, seen } from './invocations.ts';

/** What a route answers whose handler throws `error`. */
async function answerTo(error: unknown) {
  const route = http({}, async () => {
    throw error;
  });
  return seen(await route(request(), context));
}

/** An error as the AWS SDK throws it. */
const sdkError = (name: string, httpStatusCode: number, message = 'inner detail') =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode } });

describe('an answer', () => {
  it('is JSON, with the id of the invocation', async () => {
    const route = http({}, async () => ok({ fine: true }));

    const answer = seen(await route(request(), context));

    expect(answer).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json', 'x-request-id': requestId, ...securityHeaders },
      body: { fine: true },
    });
  });

  it('to a creation says where the new thing is', async () => {
    const route = http({}, async () => created('/orders/1', { orderId: '1' }));

    const answer = seen(await route(request(), context));

    expect(answer).toMatchObject({ status: 201, headers: { location: '/orders/1' }, body: { orderId: '1' } });
  });

  it('may have no body', async () => {
    const route = http({}, async () => ({ status: 204 }));

    const answer = await route(request(), context);

    expect(answer).not.toHaveProperty('body');
  });
});

describe('a problem', () => {
  it('is answered as RFC 9457 problem details with a stable type, and with the request id', async () => {
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
  ])('that is thrown is answered as it is: %s', async (problem, status, title, errors) => {
    const { body, ...answer } = await answerTo(problem);

    expect(answer.status).toBe(status);
    expect(body).toMatchObject({ title, status, detail: problem.detail });
    expect(body.errors).toEqual(errors);
  });

  it('may bring headers, but not another content type or request id', async () => {
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

describe('throttling is 429 with Retry-After', () => {
  it.each([
    sdkError('ProvisionedThroughputExceededException', 400),
    sdkError('ThrottlingException', 400),
    sdkError('RequestLimitExceeded', 400),
    sdkError('TransactionInProgressException', 400),
    sdkError('SomethingElse', 429),
    new ThrottledReadError('3 items were not read'),
  ])('%s', async (error) => {
    const answer = await answerTo(error);

    expect(answer).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
      body: { type: 'urn:orderly:problem:throttled', title: 'Too Many Requests' },
    });
  });
});

describe('an unavailable dependency is 503 with Retry-After', () => {
  it.each([
    sdkError('InternalServerError', 500),
    sdkError('ServiceUnavailable', 503),
    sdkError('TimeoutError', 0),
    Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED' }),
    new TransactionConflictError('Other transactions were in the way 8 times'),
  ])('%s', async (error) => {
    const answer = await answerTo(error);

    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { type: 'urn:orderly:problem:unavailable', title: 'Service Unavailable' },
    });
    expect(JSON.stringify(answer)).not.toContain(error.message);
  });
});

describe('anything else is 500', () => {
  it.each([
    new Error('inner detail'),
    new TypeError('inner detail'),
    sdkError('AccessDeniedException', 400),
    sdkError('ResourceNotFoundException', 400),
    'inner detail',
    { message: 'inner detail' },
    undefined,
  ])('%s, and tells nothing of the inside', async (error) => {
    const answer = await answerTo(error);

    expect(answer.body).toEqual({
      type: 'urn:orderly:problem:internal-error',
      title: 'Internal Server Error',
      status: 500,
      detail: 'Something went wrong on our side',
      requestId,
    });
    expect(JSON.stringify(answer)).not.toMatch(/inner detail|stack|Exception/);
  });

  it('and the log has the error itself', async () => {
    const logged = jest.spyOn(log, 'error');
    const error = new Error('inner detail');

    await answerTo(error);

    expect(logged).toHaveBeenCalledWith('Request failed', { error });
  });
});

describe('what no route takes', () => {
  const answer = fallback({ '/orders/{orderId}': ['GET', 'PUT'], '/orders': ['POST'] });
  const ask = async (method: string, rawPath: string, headers: Record<string, string> = {}) =>
    seen(await answer(request({ method, rawPath, routeKey: '$default', headers }), context));

  it('is 405 with the methods that are allowed, on a known path', async () => {
    expect(await ask('DELETE', '/orders/17')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, PUT', 'x-request-id': requestId },
      body: {
        type: 'urn:orderly:problem:method-not-allowed',
        detail: 'DELETE is not allowed here; allowed: GET, PUT',
      },
    });
  });

  it.each(['/elsewhere', '/orders/', '/orders/17/', '/orders/17/18', '/an/orders', '/', ''])(
    'is 404 on %s',
    async (path) => {
      expect(await ask('DELETE', path)).toMatchObject({
        status: 404,
        body: { type: 'urn:orderly:problem:route-not-found' },
      });
    },
  );

  it('is 204 for a preflight request to a known path', async () => {
    const headers = { origin: 'https://shop.example.com', 'access-control-request-method': 'PUT' };

    expect(await ask('OPTIONS', '/orders/17', headers)).toEqual({
      status: 204,
      headers: { allow: 'GET, PUT', ...securityHeaders, 'x-request-id': requestId },
      body: undefined,
    });
  });

  // Found by the fuzz suite: it was 400, which no description of a 405 or 404 has.
  it.each([
    ['/orders', 405],
    ['/elsewhere', 404],
  ])('is answered as such, whatever its headers hold: %s', async (path, status) => {
    const headers = { 'idempotency-key': '', 'x-correlation-id': 'a\r\nb', traceparent: '\ud800' };

    expect((await ask('GET', path, headers)).status).toBe(status);
  });
});

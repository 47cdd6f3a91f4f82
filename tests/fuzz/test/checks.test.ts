import { OrderPlaced } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { securityHeaders } from '@orderly/functions/http/handler';
import type { APIGatewayProxyEventV2, SQSRecord } from 'aws-lambda';
import { openDocument } from '../../../tools/codegen/documents/openapi-document.ts';
import {
  isPolluted,
  othersEndpoints,
  othersOrders,
  strangers,
  wrongAnswer,
  wrongReaction,
} from '../src/checks.ts';

// The suite must be able to fail.

const document = openDocument('orders', { closed: true });

const request = (routeKey: string, queryStringParameters: Record<string, string> = {}) =>
  ({
    routeKey,
    rawPath: '',
    queryStringParameters,
    requestContext: { http: { method: routeKey.split(' ')[0] } },
  }) as unknown as APIGatewayProxyEventV2;

const problem = (status: number, code: string, more: object = {}) => ({
  statusCode: status,
  headers: { ...securityHeaders, 'content-type': 'application/problem+json', 'x-request-id': 'a' },
  body: JSON.stringify({
    type: `urn:orderly:problem:${code}`,
    title: 'A title',
    status,
    detail: 'What happened',
    requestId: 'a',
    ...more,
  }),
});
const getOrder = request('GET /orders/{orderId}');
const invalid = problem(400, 'invalid-request');

describe('an answer', () => {
  it('that keeps every promise is not wrong', () => {
    expect(wrongAnswer(document, getOrder, invalid, [])).toEqual([]);
    expect(wrongAnswer(document, request('$default'), problem(404, 'route-not-found'), [])).toEqual([]);
  });

  it.each([
    ['5xx', problem(500, 'internal-error'), [], 'answered with 500'],
    ['not described', problem(418, 'teapot'), [], 'not described to answer 418'],
    ['of another problem', problem(400, 'teapot'), [], '/type must be equal'],
    ['with a stack', problem(400, 'invalid-request', { detail: 'a\n    at b' }), [], 'tells of the inside'],
    ['with a class', problem(400, 'invalid-request', { detail: 'TypeError: a' }), [], 'tells of the inside'],
    ['with a table', problem(400, 'invalid-request', { detail: 'fuzz-orders' }), [], 'tells of the inside'],
    [
      'with a header of two lines',
      { ...invalid, headers: { ...invalid.headers, location: 'a\r\nb: c' } },
      [],
      'the header location is not one line of ASCII',
    ],
    ['without a security header', { ...invalid, headers: {} }, [], 'not described to answer'],
    ['after a write', invalid, ['PutCommand'], 'has written: PutCommand'],
  ])('%s is wrong', (_what, answer, writes, told) => {
    expect(wrongAnswer(document, getOrder, answer, writes).join('\n')).toContain(told);
  });

  it('that lists what was not asked for is wrong', () => {
    const answer = { statusCode: 200, body: JSON.stringify({ items: [{ orderId: '1' }, { orderId: '2' }] }) };
    const owners = new Map([
      ['1', 'alice'],
      ['2', 'bob'],
    ]);

    const found = ['shows the order 2, which was not asked for'];
    expect(strangers(request('GET /orders', { customerId: 'alice' }), answer, owners)).toEqual(found);
    expect(strangers(request('GET /notifications', { orderId: '1' }), answer, owners)).toEqual(found);
  });
});

describe("somebody else's endpoint", () => {
  const tenants = new Map([
    ['1', 'bob'],
    ['2', undefined],
  ]);
  const asked = (pathParameters: Readonly<Record<string, string>>, claims?: object) =>
    ({
      pathParameters,
      requestContext: { ...(claims && { authorizer: { jwt: { claims } } }) },
    }) as unknown as APIGatewayProxyEventV2;
  const shown = (endpointId: string, statusCode = 200) => ({
    statusCode,
    body: JSON.stringify({ items: [{ endpointId }] }),
  });
  const told = (...parameters: Parameters<typeof othersEndpoints>) => othersEndpoints(...parameters).length;

  it('is found in a list, by its own id and by that of a delivery', () => {
    expect(told(asked({}, { sub: 'alice' }), shown('1'), tenants)).toBe(1);
    expect(told(asked({}, { sub: 'bob', client_id: 'program' }), shown('1'), tenants)).toBe(1);
    expect(told(asked({ endpointId: '1' }), { statusCode: 204 }, tenants)).toBe(1);
    expect(told(asked({ deliveryId: '1.a' }, { sub: 'alice' }), { statusCode: 202 }, tenants)).toBe(1);
  });

  it('is nothing that a caller owns, that is new, or that is refused', () => {
    expect(told(asked({ endpointId: '1' }, { sub: 'bob' }), shown('1'), tenants)).toBe(0);
    expect(told(asked({ endpointId: '2' }), shown('2'), tenants)).toBe(0);
    expect(told(asked({}, { sub: 'alice' }), shown('3'), tenants)).toBe(0);
    expect(told(asked({ endpointId: '1' }, { sub: 'alice' }), shown('1', 404), tenants)).toBe(0);
  });
});

describe("somebody else's order", () => {
  const owners = new Map([['1', 'bob']]);
  const asked = (scope: string) =>
    ({
      pathParameters: { orderId: '1' },
      requestContext: { authorizer: { jwt: { claims: { sub: 'alice', scope } } } },
    }) as unknown as APIGatewayProxyEventV2;
  const shown = { statusCode: 200, body: JSON.stringify({ orderId: '2', customer: { id: 'carol' } }) };

  it.each([
    ['is shown', shown, ['2', '1']],
    ['is listed', { statusCode: 200, body: JSON.stringify({ items: [{ orderId: '1' }] }) }, ['1', '1']],
    ['is told to be in another state', problem(409, 'order-not-shipped'), ['1']],
  ])('that %s is found', (_what, answer, told) => {
    const found = told.map((id) => `tells alice of the order ${id}, which is somebody else's`);
    expect(othersOrders(asked('[orders:read orders:administrator]'), answer, owners)).toEqual(found);
    expect(othersOrders(asked('[orders:read orders:admin]'), answer, owners)).toEqual([]);
  });

  it('that is not found is not told of', () => {
    expect(othersOrders(asked(''), problem(404, 'order-not-found'), owners)).toEqual([]);
  });
});

describe('a reaction', () => {
  const record = (body: unknown) => ({ messageId: 'm', body: JSON.stringify(body) }) as unknown as SQSRecord;
  const given = (...ids: string[]) => ({
    batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
  });
  const event = sampleEvent(OrderPlaced);

  it('that keeps every promise is not wrong', () => {
    expect(wrongReaction([OrderPlaced], record(event), given(), ['PutCommand'])).toEqual([]);
    expect(wrongReaction([OrderPlaced], record({ ...event, data: {} }), given('m'), [])).toEqual([]);
    expect(wrongReaction([], record(event), given(), [])).toEqual([]);
  });

  it.each([
    ['takes what breaks its schema', [OrderPlaced], { ...event, data: {} }, given(), [], 'breaks its schema'],
    ['gives back what it does not read', [], event, given('m'), [], 'of an unknown type'],
    ['gives back another message', [OrderPlaced], event, given('n'), [], 'gave back n'],
    [
      'writes for what is wrong',
      [OrderPlaced],
      { ...event, data: {} },
      given('m'),
      ['PutCommand'],
      'has written',
    ],
  ])('that %s is wrong', (_what, wanted, body, answer, writes, told) => {
    expect(wrongReaction(wanted, record(body), answer, writes).join('\n')).toContain(told);
  });
});

it('a polluted prototype is found', () => {
  expect(isPolluted()).toBe(false);
  Object.defineProperty(Object.prototype, 'admin', { value: true, configurable: true });
  const polluted = isPolluted();
  Reflect.deleteProperty(Object.prototype, 'admin');
  expect(polluted).toBe(true);
});

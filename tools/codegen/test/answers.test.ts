import { securityHeaders } from '@orderly/functions/http/handler';
import { describedPath, differences, unknownPathDifferences } from '../documents/answers.ts';
import { openDocument } from '../documents/openapi-document.ts';

const document = openDocument('orders', { closed: true });
const getOrder = 'GET /orders/{orderId}';
const found = ['paths', '/orders/{orderId}', 'get', 'responses', '200', 'content', 'application/json'];
const order: object = { ...Object(document.find(...found, 'example')?.value) };
const problem = (code: string, status: number) => ({
  type: `urn:orderly:problem:${code}`,
  title: 'A title',
  status,
  detail: 'What happened',
  requestId: 'a-request',
});

function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}) {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  const all = {
    'content-type': `${type}; charset=utf-8`,
    'x-request-id': 'a-request',
    ...securityHeaders,
    ...headers,
  };
  return { status, body, headers: new Map(Object.entries(all)) };
}

it('finds no differences in answers that are as described', () => {
  const later = { 'retry-after': '1' };

  expect(differences(document, getOrder, answer(200, order))).toEqual([]);
  expect(differences(document, getOrder, answer(404, problem('order-not-found', 404)))).toEqual([]);
  expect(differences(document, getOrder, answer(503, problem('unavailable', 503), later))).toEqual([]);
  const notAllowed = answer(405, problem('method-not-allowed', 405), { allow: 'GET' });
  expect(differences(document, 'PUT /orders/{orderId}', notAllowed)).toEqual([]);
  expect(unknownPathDifferences(document, answer(404, problem('route-not-found', 404)))).toEqual([]);
});

it.each([
  ['a status', answer(418, problem('teapot', 418)), /not described to answer 418/],
  ['a content type', answer(200, order, { 'content-type': 'text/html' }), /text\/html/],
  ['a field that is missing', answer(200, { ...order, status: undefined }), /required property 'status'/],
  ['a value', answer(200, { ...order, status: 'LOST' }), /\/status must be equal to one of/],
  ['a field too many', answer(200, { ...order, secret: 1 }), /additional properties.*secret/],
  [
    'a field too many, deeper',
    answer(200, { ...order, customer: { id: 'a', email: 'a@b.eu', x: 1 } }),
    /"x"/,
  ],
  ['a problem of another route', answer(404, problem('product-not-found', 404)), /\/type must be equal/],
  ['a header that is missing', answer(503, problem('unavailable', 503)), /no header Retry-After/],
  ['a header', answer(503, problem('unavailable', 503), { 'retry-after': 'soon' }), /header Retry-After/],
])('tells of %s that is not as described', (_, given, told) => {
  expect(differences(document, getOrder, given).join('\n')).toMatch(told);
});

it('reports a method and a path that are answered but not described', () => {
  expect(differences(document, 'PUT /orders/{orderId}', answer(200, order))).toHaveLength(1);
  expect(unknownPathDifferences(document, answer(200, order))).toHaveLength(1);
});

it('finds the described path that matches a path', () => {
  const paths = ['/orders', '/orders/17', '/orders/17/ship', '/orders/17/18/19', '/carts'];

  expect(paths.map((path) => describedPath(document, path))).toEqual([
    '/orders',
    '/orders/{orderId}',
    '/orders/{orderId}/ship',
    undefined,
    undefined,
  ]);
});

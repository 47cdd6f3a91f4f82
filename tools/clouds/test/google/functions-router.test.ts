import { createRouter, routingOf } from '../../src/google/functions-host/router.ts';

describe('The router in front of the functions', () => {
  const route = createRouter({
    routes: [
      { method: 'GET', path: '/orders/{orderId}', functionName: 'get-order' },
      { method: 'GET', path: '/orders', functionName: 'list-orders' },
      { method: 'GET', path: '/orders/latest', functionName: 'latest-order' },
      { method: 'POST', path: '/orders/{orderId}/cancel', functionName: 'cancel-order' },
    ],
    fallback: 'fallback',
  });

  it.each([
    ['GET', '/orders', 'list-orders'],
    ['GET', '/orders?limit=1', 'list-orders'],
    ['GET', '/orders/1', 'get-order'],
    ['GET', '/orders/a%2Fb?x=/y', 'get-order'],
    ['GET', '/orders/latest', 'latest-order'],
    ['POST', '/orders/1/cancel', 'cancel-order'],
    ['GET', '/orders/', 'fallback'],
    ['HEAD', '/orders', 'fallback'],
    ['DELETE', '/orders/1', 'fallback'],
    ['GET', '/orders/1/2', 'fallback'],
  ])('sends %s %s to %s, with the URL as it is', (method, url, functionName) => {
    expect(route(method, url)).toEqual({ functionName, url });
  });

  it('knows each function by a URL of its own, of which the function sees the rest', () => {
    expect(route('POST', '/.functions/publish-events')).toEqual({ functionName: 'publish-events', url: '/' });
    expect(route('POST', '/.functions/get-order/a?b=c')).toEqual({
      functionName: 'get-order',
      url: '/a?b=c',
    });
    expect(route('POST', '/.functions/get-order?b=c')).toEqual({ functionName: 'get-order', url: '/?b=c' });
  });

  it('is told its routes by what the functions are bound to', () => {
    const trigger = { kind: 'route', method: 'GET', path: '/orders', scopes: [] } as const;
    const functions = [
      { name: 'list-orders', trigger },
      { name: 'fallback', trigger: { kind: 'fallback' } },
      { name: 'publish-events', trigger: { kind: 'publisher' } },
    ] as const;
    expect(routingOf(functions)).toEqual({
      routes: [{ method: 'GET', path: '/orders', functionName: 'list-orders' }],
      fallback: 'fallback',
    });
  });

  it('finds nothing for what no route matches when there is no fallback', () => {
    expect(createRouter({ routes: [], fallback: undefined })('GET', '/')).toBeUndefined();
  });
});

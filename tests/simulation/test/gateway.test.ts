import { NO_FAULTS } from '../src/world/faults.ts';
import { Gateway } from '../src/world/gateway.ts';
import { World } from '../src/world/world.ts';
import { programOf } from './run-program.ts';

const ROUTES = [
  {
    key: 'GET /orders/{orderId}/lines/{line}',
    functionName: 'echo',
    scopes: ['orders:read', 'orders:admin'],
  },
  { key: 'GET /health', functionName: 'echo', scopes: undefined },
  { key: 'GET /broken', functionName: 'broken', scopes: undefined },
];

function setUp() {
  const world = new World({ seed: 1, faults: NO_FAULTS });
  const common = { service: 'tested', env: {}, timeoutMs: 1_000 };
  const echo = `exports.handler = async (event) =>
    ({ statusCode: 201, headers: { 'x-is': 'echo' }, body: JSON.stringify(event) });`;
  world.lambda.deploy({ ...common, name: 'echo', program: programOf(echo) });
  const broken = `exports.handler = async () => { throw new Error('broken'); };`;
  world.lambda.deploy({ ...common, name: 'broken', program: programOf(broken) });
  let away = false;
  const gateway = new Gateway(world, ROUTES, () => away);
  const get = async (
    path: string,
    { method = 'GET', scope = 'orders:read', body = null as string | null } = {},
  ) => {
    const init = { method, headers: { accept: 'application/json' }, body };
    const answered = gateway.fetch(`https://orders.example.com${path}`, init, { sub: 'jane', scope });
    await world.scheduler.run(answered);
    return (await answered) as Response;
  };
  const leave = (): void => {
    away = true;
  };
  return { get, leave };
}

it('a function gets the path, the query and the claims of its caller', async () => {
  const { get } = setUp();
  const response = await get('/orders/o%201/lines/2?limit=5');
  expect([response.status, response.headers.get('x-is'), response.ok]).toEqual([201, 'echo', true]);
  expect(JSON.parse(await response.text())).toMatchObject({
    version: '2.0',
    routeKey: 'GET /orders/{orderId}/lines/{line}',
    rawPath: '/orders/o%201/lines/2',
    pathParameters: { orderId: 'o 1', line: '2' },
    queryStringParameters: { limit: '5' },
    headers: { accept: 'application/json' },
    requestContext: {
      http: { method: 'GET' },
      authorizer: {
        jwt: { claims: { sub: 'jane', scope: 'orders:read' }, scopes: ['orders:read', 'orders:admin'] },
      },
    },
  });
});

it('one of the scopes is enough, and without one the caller is refused', async () => {
  const { get } = setUp();
  expect((await get('/orders/1/lines/2', { scope: 'other orders:admin' })).status).toBe(201);
  expect((await get('/orders/1/lines/2', { scope: 'orders:write' })).status).toBe(403);
  expect((await get('/orders/1/lines/2', { scope: '' })).status).toBe(403);
});

it('a route without an authorizer takes everybody', async () => {
  expect((await setUp().get('/health', { scope: '' })).status).toBe(201);
});

it.each([
  ['/orders/1', 'GET'],
  ['/orders/1/lines/2/3', 'GET'],
  ['/health', 'POST'],
])('there is no route %s for %s', async (path, method) => {
  expect((await setUp().get(path, { method })).status).toBe(404);
});

it('a function that fails is an internal error', async () => {
  expect((await setUp().get('/broken')).status).toBe(500);
});

it('a service that is away says when to come again', async () => {
  const { get, leave } = setUp();
  leave();
  const { status, headers } = await get('/health');
  expect([status, headers.get('retry-after')]).toEqual([503, '60']);
});

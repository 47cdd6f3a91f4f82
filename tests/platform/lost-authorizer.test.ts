import { services } from '@orderly/local/services';
import { onlyRefuses, readRoutes } from '../../tools/codegen/documents/platform.ts';
import { call, type HttpFunction } from './invoke.ts';

/** Every route of every service in a stage with an issuer, as if API Gateway had lost its authorizer. */

const routes = services.flatMap((service) =>
  readRoutes(service).map((route) => ({ ...route, service, refuses: onlyRefuses(route) })),
);

async function answerOf({ service, name, route }: (typeof routes)[number]) {
  let handler: HttpFunction | undefined;
  await jest.isolateModulesAsync(async () => {
    ({ handler } = require(`../../services/${service}/src/functions/${name}.ts`));
  });
  if (handler === undefined) throw new Error(`${service} has no function ${name}`);
  return call(handler, { route });
}

beforeAll(() => {
  process.env.JWT_ISSUER = 'https://issuer.example.com';
});

afterAll(() => {
  delete process.env.JWT_ISSUER;
});

it.each(routes.filter(({ refuses }) => !refuses))('$service: $route is 401', async (route) => {
  expect(await answerOf(route)).toMatchObject({
    status: 401,
    body: { type: 'urn:orderly:problem:invalid-token' },
  });
});

it.each(routes.filter(({ refuses }) => refuses))('$service: $route only refuses, as ever', async (route) => {
  const { status } = await answerOf(route);

  expect(status).toBe(404);
});

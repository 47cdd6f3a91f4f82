import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { readFunctions, readRoutes } from '../../docs/tools/platform.ts';
import { call } from './invoke.ts';

/** What serverless.yml declares and what src/functions holds must be the same thing, in every service. */

const services = ['orders', 'inventory', 'notifications'];

interface FunctionConfig {
  readonly handler: string;
}

interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: string;
}

type HttpFunction = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

const folder = (service: string) => join(__dirname, '..', service);

const functionsOf = (service: string) => readFunctions<FunctionConfig>(service);

function routesOf(service: string): Route[] {
  return readRoutes(service).flatMap(({ name, route }) => {
    const [method = '', path] = route.split(' ');
    return path === undefined ? [] : [{ name, method, path }];
  });
}

const verbsByPath = (service: string): [path: string, verbs: string[]][] => {
  const verbs = new Map<string, string[]>();
  for (const { method, path } of routesOf(service)) {
    if (method !== 'ANY') verbs.set(path, [...(verbs.get(path) ?? []), method].sort());
  }
  return [...verbs];
};

const methodNotAllowed = async (service: string): Promise<HttpFunction> => {
  const file = join(folder(service), 'src/functions/method-not-allowed.ts');
  return ((await import(file)) as { handler: HttpFunction }).handler;
};

describe.each(services)('%s', (service) => {
  it('has a handler file for every function', () => {
    const files = [...functionsOf(service)].map(([name, { handler }]) => ({
      name,
      handler,
      exists: existsSync(join(folder(service), `src/functions/${name}.ts`)),
    }));

    expect(files).toEqual(
      [...functionsOf(service).keys()].map((name) => ({
        name,
        handler: `src/functions/${name}.handler`,
        exists: true,
      })),
    );
  });

  it('has a function for every handler file', () => {
    const files = readdirSync(join(folder(service), 'src/functions')).map((file) => file.replace('.ts', ''));

    expect(files.sort()).toEqual([...functionsOf(service).keys()].sort());
  });

  it('sends every other method on each of its paths to method-not-allowed', () => {
    const caught = routesOf(service).filter(({ method }) => method === 'ANY');

    expect(caught.map(({ name, path }) => `${path} ${name}`).sort()).toEqual(
      verbsByPath(service)
        .map(([path]) => `${path} method-not-allowed`)
        .sort(),
    );
  });

  it('has no 405 for a path that no route has', () => {
    const source = readFileSync(join(folder(service), 'src/functions/method-not-allowed.ts'), 'utf8');

    const paths = [...source.matchAll(/'(\/[^']*)': \[/g)].map(([, path]) => path);

    expect(paths.sort()).toEqual(
      verbsByPath(service)
        .map(([path]) => path)
        .sort(),
    );
  });

  it.each(verbsByPath(service))('405 on %s names the methods that its routes have', async (path, verbs) => {
    const handler = await methodNotAllowed(service);

    const answer = await call(handler, { route: `ANY ${path}`, method: 'PATCH' });

    expect(answer).toMatchObject({
      status: 405,
      headers: { 'content-type': 'application/problem+json' },
      body: { type: 'urn:orderly:problem:method-not-allowed', status: 405 },
    });
    expect(String(answer.headers.allow).split(', ').sort()).toEqual(verbs);
  });

  it('answers paths that no route has with 404 as problem details', async () => {
    const catchAll = readRoutes(service).filter(({ route }) => route === '$default');
    const file = join(folder(service), 'src/functions/route-not-found.ts');
    const { handler } = (await import(file)) as { handler: HttpFunction };

    const answer = await call(handler, { route: '$default', method: 'GET' });

    expect(catchAll.map(({ name }) => name)).toEqual(['route-not-found']);
    expect(answer).toMatchObject({ status: 404, body: { type: 'urn:orderly:problem:route-not-found' } });
  });
});

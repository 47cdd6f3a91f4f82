import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, services } from '@orderly/local/services';
import { readFunctions, readRoutes } from '../../tools/codegen/documents/platform.ts';
import { call, type HttpFunction } from './invoke.ts';

/** What serverless.yml declares and what src/functions holds must be the same thing, in every service. */

interface FunctionConfig {
  readonly handler: string;
}

const functionsOf = (service: string) => readFunctions<FunctionConfig>(service);

/** The methods of each path; a service may have none. */
function verbsByPath(service: string): ReadonlyMap<string, string[]> {
  const verbs = new Map<string, string[]>();
  for (const { route } of readRoutes(service)) {
    const [method = '', path] = route.split(' ');
    if (path !== undefined) verbs.set(path, [...(verbs.get(path) ?? []), method].sort());
  }
  return verbs;
}

const fallbackOf = async (service: string): Promise<HttpFunction> => {
  const file = join(folderOf(service), 'src/functions/fallback.ts');
  return ((await import(file)) as { handler: HttpFunction }).handler;
};

/** A path that the route matches: `/orders/17` for `/orders/{orderId}`. */
const pathOf = (route: string): string => route.replace(/\{\w+\}/g, '17');

const browser = { origin: 'https://shop.example.com', 'access-control-request-method': 'POST' };

describe.each(services)('%s', (service) => {
  it('has a function for every handler file, and no other', () => {
    const files = readdirSync(join(folderOf(service), 'src/functions')).map((file) => {
      const name = file.replace('.ts', '');
      return [name, `src/functions/${name}.handler`];
    });
    const declared = [...functionsOf(service)].map(([name, { handler }]) => [name, handler]);

    expect(declared.sort()).toEqual(files.sort());
  });

  it('has one function for whatever no other route takes', () => {
    const catchAll = readRoutes(service).filter(({ route }) => /^(ANY |\$default$)/.test(route));

    expect(catchAll.map(({ name, route }) => `${route} ${name}`)).toEqual(['$default fallback']);
  });

  it('has no 405 for a path that no route has', () => {
    const source = readFileSync(join(folderOf(service), 'src/functions/fallback.ts'), 'utf8');

    const paths = [...source.matchAll(/'(\/[^']*)': \[/g)].map(([, path]) => path);

    expect(paths.sort()).toEqual([...verbsByPath(service).keys()].sort());
  });

  for (const [path, verbs] of verbsByPath(service)) {
    it(`405 on ${path} names the methods that its routes have`, async () => {
      const handler = await fallbackOf(service);

      const answer = await call(handler, { route: '$default', method: 'PATCH', rawPath: pathOf(path) });

      expect(answer).toMatchObject({
        status: 405,
        headers: { 'content-type': 'application/problem+json' },
        body: { type: 'urn:orderly:problem:method-not-allowed', status: 405 },
      });
      expect(String(answer.headers.allow).split(', ').sort()).toEqual(verbs);
    });

    it(`a preflight request to ${path} is 204`, async () => {
      const handler = await fallbackOf(service);

      const answer = await call(handler, {
        route: '$default',
        method: 'OPTIONS',
        rawPath: pathOf(path),
        headers: browser,
      });

      expect(answer).toMatchObject({ status: 204, body: null });
      expect(answer.headers).not.toHaveProperty('content-type');
      expect(String(answer.headers.allow).split(', ').sort()).toEqual(verbs);
    });
  }

  it.each(['GET', 'OPTIONS'])('answers %s on a path that no route has with 404', async (method) => {
    const handler = await fallbackOf(service);

    const answer = await call(handler, {
      route: '$default',
      method,
      rawPath: '/elsewhere',
      headers: browser,
    });

    expect(answer).toMatchObject({ status: 404, body: { type: 'urn:orderly:problem:route-not-found' } });
  });
});

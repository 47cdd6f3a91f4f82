import type { World } from './world.ts';

export interface Route {
  /** `POST /orders/{orderId}/cancel`, as serverless.yml spells it. */
  readonly key: string;
  readonly functionName: string;
  /** One of them is enough; none where the route has no authorizer. */
  readonly scopes: readonly string[] | undefined;
}

interface Matched extends Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

/** Who calls, as its token says. */
export interface Claims {
  readonly sub: string;
  readonly scope: string;
}

interface RequestInit {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal?: AbortSignal;
}

interface Answer {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const problem = (statusCode: number, message: string, more = {}): Answer => ({
  statusCode,
  headers: { 'content-type': 'application/json', ...more },
  body: JSON.stringify({ message }),
});

const SEGMENT = /\{(\w+)\}/g;

/** One service's HTTP API: payload 2.0, with claims that the authorizer has verified. */
export class Gateway {
  readonly #world: World;
  readonly #routes: readonly Matched[];
  readonly #isAway: () => boolean;

  /** @param isAway whether no function of the service can be reached */
  constructor(world: World, routes: readonly Route[], isAway: () => boolean) {
    this.#world = world;
    this.#isAway = isAway;
    this.#routes = routes.map((route) => {
      const [method = '', path = ''] = route.key.split(' ');
      const names = [...path.matchAll(SEGMENT)].map(([, name = '']) => name);
      return { ...route, method, names, pattern: new RegExp(`^${path.replace(SEGMENT, '([^/]+)')}$`) };
    });
  }

  async request(url: URL, init: RequestInit, claims: Claims): Promise<Answer> {
    const route = this.#routes.find(
      ({ method, pattern }) => method === init.method && pattern.test(url.pathname),
    );
    if (route === undefined) return problem(404, 'Not Found');
    const { key, scopes, pattern, names, functionName } = route;
    if (scopes && !claims.scope.split(' ').some((scope) => scopes.includes(scope)))
      return problem(403, 'Forbidden');
    // Through hours nobody needs to ask every second.
    if (this.#isAway()) return problem(503, 'Service Unavailable', { 'retry-after': '60' });
    const values = pattern.exec(url.pathname)?.slice(1) ?? [];
    const query = Object.fromEntries(url.searchParams);
    const event = {
      ...{ version: '2.0', routeKey: key, rawPath: url.pathname, isBase64Encoded: false },
      headers: init.headers,
      pathParameters: Object.fromEntries(names.map((name, n) => [name, decodeURIComponent(values[n] ?? '')])),
      ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
      requestContext: {
        http: { method: init.method, path: url.pathname },
        authorizer: { jwt: { claims, scopes: scopes ?? null } },
      },
      ...(init.body !== null && { body: init.body }),
    };
    const invocation = await this.#world.lambda.invoke(functionName, event);
    return invocation.outcome === 'answer'
      ? Object(invocation.payload)
      : problem(500, 'Internal Server Error');
  }

  /** `fetch` for a caller with these claims. */
  async fetch(url: string, init: RequestInit, claims: Claims): Promise<object> {
    const { scheduler, dice, history, faults } = this.#world;
    await scheduler.sleep(dice.exponential(faults.latencyMs));
    const { statusCode = 200, headers = {}, body = '' } = await this.request(new URL(url), init, claims);
    this.#world.onAnswer({ request: `${init.method} ${new URL(url).pathname}`, status: statusCode, body });
    history.add('request', `${init.method} ${url} ${statusCode} ${body}`);
    await scheduler.sleep(dice.exponential(faults.latencyMs));
    return {
      ok: statusCode < 300,
      status: statusCode,
      headers: new Headers(headers),
      text: async () => body,
    };
  }
}

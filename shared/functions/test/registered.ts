import type { Trigger } from '../src/trigger.ts';

// Functions as a bundle registers them, for the tests of each cloud's `register`.

interface Toolkit {
  readonly http: typeof import('../src/http/handler.ts').http;
  readonly ok: typeof import('../src/http/handler.ts').ok;
  readonly consume: typeof import('../src/messaging/consume.ts').consume;
  readonly consumeTasks: typeof import('../src/messaging/tasks.ts').consumeTasks;
  readonly schedule: typeof import('../src/schedule.ts').schedule;
  readonly on: typeof import('@orderly/contracts').on;
  readonly OrderPlaced: typeof import('@orderly/contracts').OrderPlaced;
  readonly v: typeof import('valibot');
}

/** The toolkit as it is loaded now, with the seams of the test's cloud. */
export const toolkit = (): Toolkit => ({
  ...require('../src/http/handler.ts'),
  ...require('../src/messaging/consume.ts'),
  ...require('../src/messaging/tasks.ts'),
  ...require('../src/schedule.ts'),
  ...require('@orderly/contracts'),
  v: require('valibot'),
});

/** A function; its handler has the types of AWS where TypeScript looks. */
export const registered = (name: string, trigger: Trigger, handler: unknown) => ({
  name,
  trigger,
  timeoutSeconds: 3,
  handler: handler as never,
});

export const routeOf = (method: string, path: string, scopes: readonly string[] = []): Trigger => ({
  ...{ kind: 'route', method, path, scopes },
});

/** A route that answers with what it was asked: a `sku`, a query of `x` and `y`, and a body with a `name`. */
export function echo({ http, ok, v }: Toolkit) {
  const optional = v.optional(v.string());
  const input = {
    path: v.object({ sku: v.string() }),
    query: v.object({ x: optional, y: optional }),
    body: v.object({ name: v.string() }),
  };
  return http(input, async ({ path, query, body, idempotencyKey: key }) => ok({ path, query, body, key }));
}

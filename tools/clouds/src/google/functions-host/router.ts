import type { FunctionPlan } from '../../service-plan.ts';

/** Which requests a function answers, as serverless.yml says it. */
export interface Route {
  readonly method: string;
  /** With parameters in braces, e.g. `/orders/{orderId}`. */
  readonly path: string;
  readonly functionName: string;
}

export interface Routing {
  readonly routes: readonly Route[];
  /** Answers what no route matches. */
  readonly fallback: string | undefined;
}

/** The routing of a service by what its functions are bound to. */
export const routingOf = (functions: readonly Pick<FunctionPlan, 'name' | 'trigger'>[]): Routing => ({
  routes: functions.flatMap(({ name, trigger }) =>
    trigger.kind === 'route' ? [{ method: trigger.method, path: trigger.path, functionName: name }] : [],
  ),
  fallback: functions.find(({ trigger }) => trigger.kind === 'fallback')?.name,
});

/** A function and the URL that it sees. */
export interface Target {
  readonly functionName: string;
  readonly url: string;
}

/** Under it each function has a URL of its own, as a service of Cloud Run has: `/.functions/publish-events`. */
export const OWN_PATH = '/.functions/';

const parameters = (path: string): number => path.split('{').length;

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`).replaceAll(/\{\w+\}/g, '[^/]+')}$`);

/**
 * Finds the function for a request, as a load balancer or an API Gateway in front of the functions does by method and path.
 * The path with the fewest parameters wins.
 */
export const createRouter = ({ routes, fallback }: Routing) => {
  const sorted = [...routes]
    .sort((one, other) => parameters(one.path) - parameters(other.path))
    .map((route) => ({ ...route, pattern: patternOf(route.path) }));
  return (method: string, url: string): Target | undefined => {
    if (url.startsWith(OWN_PATH)) {
      const [, functionName = '', rest = ''] = /^([\w-]+)(.*)$/s.exec(url.slice(OWN_PATH.length)) ?? [];
      return { functionName, url: rest.startsWith('/') ? rest : `/${rest}` };
    }
    const [path = '/'] = url.split('?', 1);
    const found = sorted.find((route) => route.method === method && route.pattern.test(path));
    const functionName = found?.functionName ?? fallback;
    return functionName === undefined ? undefined : { functionName, url };
  };
};

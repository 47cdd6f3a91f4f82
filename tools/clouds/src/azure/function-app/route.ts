/** A route of an HTTP trigger. */
export interface Route {
  /** @returns the parameters, decoded; undefined when the path is another one */
  match(path: string): Readonly<Record<string, string>> | undefined;
  /** Where several routes match, the one whose list comes first in order is taken. */
  readonly precedence: readonly number[];
}

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter' | 'rest'; readonly name: string };

const RANK = { literal: 0, parameter: 1, rest: 2 } as const;

const readSegment = (text: string, route: string): Segment => {
  const [, star, name] = /^\{(\*?)(\w+)\}$/.exec(text) ?? [];
  if (name !== undefined) return { kind: star ? 'rest' : 'parameter', name };
  if (/[{}]/.test(text))
    throw new Error(
      `This host of function apps does not implement "${text}" in the route ${route}: only {name} and {*name}.`,
    );
  return { kind: 'literal', text: text.toLowerCase() };
};

/** As ASP.NET decodes a path: `%2F` stays, and so does what is not encoded well. */
const decodeSegment = (segment: string): string => {
  try {
    return segment
      .split(/(%2f)/i)
      .map((part) => (/^%2f$/i.test(part) ? part : decodeURIComponent(part)))
      .join('');
  } catch {
    return segment;
  }
};

/**
 * Reads a route's template. Text matches whatever its case, and a slash at the end of a path does not matter.
 * Source: https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates
 *
 * @param route without a slash in front, e.g. `orders/{orderId}`
 * @throws Error by name for constraints, defaults, and optional or partial parameters; for routes that the host keeps for itself
 */
export const readRoute = (route: string): Route => {
  if (/^(admin|runtime)(\/|$)/i.test(route))
    throw new Error('The specified route conflicts with one or more built in routes.');
  const segments = route === '' ? [] : route.split('/').map((text) => readSegment(text, route));
  const rest = segments.findIndex(({ kind }) => kind === 'rest');
  if (rest >= 0 && rest < segments.length - 1)
    throw new Error(`A catch-all parameter can only be the last segment of ${route}.`);
  return {
    precedence: segments.map(({ kind }) => RANK[kind]),
    match(path) {
      const parts = path.replace(/^\//, '').replace(/\/$/, '').split('/').map(decodeSegment);
      if (parts.length === 1 && parts[0] === '') parts.pop();
      const parameters: Record<string, string> = {};
      for (const [at, segment] of segments.entries()) {
        const part = parts[at];
        if (segment.kind === 'rest') {
          if (part !== undefined) parameters[segment.name] = parts.slice(at).join('/');
          return parameters;
        }
        if (part === undefined || part === '') return undefined;
        if (segment.kind !== 'literal') parameters[segment.name] = part;
        else if (segment.text !== part.toLowerCase()) return undefined;
      }
      return parts.length === segments.length ? parameters : undefined;
    },
  };
};

/** Orders routes as the host tries them. */
export const byPrecedence = (one: Route, other: Route): number => {
  for (const [at, rank] of one.precedence.entries()) {
    const by = rank - (other.precedence[at] ?? RANK.literal);
    if (by !== 0) return by;
  }
  return 0;
};

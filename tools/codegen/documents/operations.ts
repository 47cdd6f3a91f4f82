import { isNode, type OpenApiDocument, type Place } from './openapi-document.ts';

export interface Route {
  readonly route: string;
  /** The name of the function. */
  readonly name: string;
  readonly summary: unknown;
  /** A token must have one of them. */
  readonly scopes: readonly unknown[];
}

/** A route as an OpenAPI document describes it. */
export interface Operation extends Route {
  readonly place: Place;
  readonly operation: Readonly<Record<string, unknown>>;
}

export function operations({ root: { paths } }: OpenApiDocument): readonly Operation[] {
  return Object.entries(isNode(paths) ? paths : {}).flatMap(([path, item]) =>
    Object.entries(isNode(item) ? item : {}).flatMap(([method, operation]) =>
      isNode(operation)
        ? [
            {
              route: `${method.toUpperCase()} ${path}`,
              name: String(operation.operationId),
              summary: operation.summary,
              scopes: scopesOf(operation.security),
              place: ['paths', path, method],
              operation,
            },
          ]
        : [],
    ),
  );
}

/** Each alternative requires one scope. */
function scopesOf(security: unknown): readonly unknown[] {
  return (Array.isArray(security) ? security : []).map(({ jwt }) => (jwt.length === 1 ? jwt[0] : jwt));
}

/** A request as a document shows it by example. */
export interface ExampleRequest {
  readonly route: string;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The parameters of an operation itself, with every `$ref` followed. */
export function parametersOf(document: OpenApiDocument, { place, operation }: Operation) {
  const listed = Array.isArray(operation.parameters) ? operation.parameters : [];
  return listed.map((_, index) => document.find(...place, 'parameters', String(index))?.value).filter(isNode);
}

export function exampleOf(document: OpenApiDocument, operation: Operation): ExampleRequest {
  const { route, place } = operation;
  const parameters = parametersOf(document, operation).filter(({ required }) => required === true);
  const values = (part: string) =>
    Object.fromEntries(
      parameters.filter((one) => one.in === part).map(({ name, example }) => [name, String(example)]),
    );
  const body = document.find(...place, 'requestBody', 'content', 'application/json', 'example')?.value;
  return { route, path: values('path'), query: values('query'), body };
}

import {
  type AnswerDescription,
  type ApiDescription,
  type DescribedBody,
  type DescribedSchema,
  type ProblemDescription,
  problemsOf,
  type RouteDescription,
} from '@orderly/functions/http/api-description';
import { maxBodyBytes } from '@orderly/functions/http/request';
import { toJsonSchemaDefs } from '@valibot/to-json-schema';
import {
  componentName,
  gatewayResponses,
  headers,
  headersOf,
  type Json,
  locationHeader,
  pageParameters,
  parameters,
  problemResponse,
  refTo,
  securitySchemes,
} from './openapi-components.ts';
import type { DeclaredRoute } from './platform.ts';
import { vocabulary } from './vocabulary.ts';

/**
 * The OpenAPI 3.1 document of an API.
 *
 * @param declared its routes as serverless.yml declares them, with their scopes
 * @throws TypeError when a schema has no name or description, or serverless.yml does not declare a route
 */
export function openApiOf(api: ApiDescription, declared: readonly DeclaredRoute[]): Json {
  const schemas = { ...vocabulary, ...api.schemas };
  const jsonSchemas = jsonSchemasOf(schemas);
  const names = new Map(
    Object.entries(schemas).map(([name, { schema, example }]) => [
      schema,
      { name, example, description: jsonSchemas[name]?.description },
    ]),
  );
  const document = {
    openapi: '3.1.1',
    info: {
      title: api.title,
      version: api.version,
      description: `${api.description}\n\n${conventions}`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: api.url, description: 'The local platform, `npm start`' }],
    tags: Object.entries(api.tags).map(([name, description]) => ({ name, description })),
    paths: pathsOf(api.routes, names, declared),
  };
  const responses = { ...gatewayResponses, ...sharedResponses(api.routes) };
  const components = { parameters, headers, responses, schemas: jsonSchemas };
  return { ...document, components: { securitySchemes, ...onlyUsed(components, document) } };
}

const conventions =
  'Errors are problem details (RFC 9457) with a stable `type`. Unknown paths are answered with 404 and ' +
  '`urn:orderly:problem:route-not-found`, OPTIONS on known ones with 204 and `Allow`. A token needs one of the scopes ' +
  'of the route; a stage without an issuer, such as the local platform, requires no token. Responses may gain fields: ' +
  'ignore those that you do not know.';

type Schemas = ApiDescription['schemas'];
type Names = ReadonlyMap<unknown, Omit<DescribedSchema, 'schema' | 'description'> & Named>;
type Named = { readonly name: string; readonly description: unknown };

function pathsOf(
  routes: readonly RouteDescription[],
  names: Names,
  declared: readonly DeclaredRoute[],
): Json {
  const shared = [refTo('parameters', 'CorrelationId'), refTo('parameters', 'Traceparent')];
  const paths: Record<string, Json> = {};
  for (const description of routes) {
    const [method = '', path = ''] = description.route.split(' ');
    const operation = { ...operationOf(description, names), security: securityOf(description, declared) };
    paths[path] = { parameters: shared, ...paths[path], [method.toLowerCase()]: operation };
  }
  return paths;
}

/** One scope is enough: each is an alternative. */
function securityOf({ route }: RouteDescription, declared: readonly DeclaredRoute[]): readonly Json[] {
  const scopes = declared.find((one) => one.route === route)?.scopes;
  if (scopes === undefined) throw new TypeError(`serverless.yml declares no route ${route}`);
  return scopes.map((scope) => ({ jwt: [scope] }));
}

function operationOf(route: RouteDescription, names: Names): Json {
  const { name, tag, summary, description, body, repeats } = route;
  const parameters = [
    ...parametersOf('path', route.path, names),
    ...parametersOf('query', route.query, names),
    ...(repeats === undefined ? [] : [refTo('parameters', 'IdempotencyKey')]),
  ];
  const repeated = repeats && `With an \`Idempotency-Key\`, ${repeats}.`;
  const sentences = [description, repeated].filter((sentence) => sentence !== undefined).join(' ');
  return {
    operationId: name,
    tags: [tag],
    summary,
    ...(sentences !== '' && { description: sentences }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        description: `At most ${maxBodyBytes} bytes`,
        required: true,
        content: jsonContent(body, names),
      },
    }),
    responses: Object.fromEntries([
      ['403', refTo('responses', 'Forbidden')],
      ...route.answers.map((answer) => [String(answer.status), answerResponse(answer, names)]),
      ...byStatus(problemsOf(route)).map(([status, problems]) => [
        String(status),
        problems.length === 1
          ? refTo('responses', responseName(problems))
          : problemResponse(status, problems),
      ]),
    ]),
  };
}

function parametersOf(
  place: 'path' | 'query',
  fields: RouteDescription['path'],
  names: Names,
): readonly Json[] {
  return Object.entries(fields?.entries ?? {}).map(([field, schema]) => {
    const page = pageParameters.get(schema);
    if (page !== undefined) return refTo('parameters', page);
    const { name, description, example } = named(schema, names);
    return { name: field, in: place, required: true, description, schema: refTo('schemas', name), example };
  });
}

function answerResponse(answer: AnswerDescription, names: Names): Json {
  const { status, description, location } = answer;
  return {
    description,
    headers: { ...headersOf(status), ...(location !== undefined && { Location: locationHeader(location) }) },
    content: jsonContent(answer, names),
  };
}

function jsonContent({ schema, example }: DescribedBody, names: Names): Json {
  return { 'application/json': { schema: refTo('schemas', named(schema, names).name), example } };
}

function named(schema: unknown, names: Names) {
  const found = names.get(schema);
  if (found === undefined) throw new TypeError('A schema of an API has no name: add it to `schemas`');
  return found;
}

type OfStatus = readonly [status: number, problems: readonly ProblemDescription[]];

function byStatus(problems: readonly ProblemDescription[]): readonly OfStatus[] {
  const statuses = [...new Set(problems.map(({ example }) => example.status))].sort((a, b) => a - b);
  return statuses.map((status) => [status, problems.filter(({ example }) => example.status === status)]);
}

/** Responses with a single problem are components, named after the problem. */
function sharedResponses(routes: readonly RouteDescription[]): Json {
  return Object.fromEntries(
    routes
      .flatMap((route) => byStatus(problemsOf(route)))
      .filter(([, problems]) => problems.length === 1)
      .map(([status, problems]) => [responseName(problems), problemResponse(status, problems)]),
  );
}

const responseName = ([problem]: readonly ProblemDescription[]): string =>
  componentName(problem?.example.code ?? '');

function jsonSchemasOf(schemas: Schemas): Readonly<Record<string, Json>> {
  const definitions = Object.fromEntries(Object.entries(schemas).map(([name, { schema }]) => [name, schema]));
  const converted = toJsonSchemaDefs(definitions, {
    target: 'draft-2020-12',
    // What a caller may write, not what it is converted to.
    typeMode: 'input',
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
    // They exist for the compiler only. Anything else without a counterpart in JSON Schema throws.
    ignoreActions: ['brand', 'readonly'],
    // JSON Schema's patterns are Unicode patterns (2020-12, section 6.4): the flag `u` can be omitted.
    overrideAction: ({ valibotAction: action, jsonSchema }) => {
      if (!('requirement' in action) || !(action.requirement instanceof RegExp)) return undefined;
      const { flags, source } = action.requirement;
      return action.type === 'regex' && flags === 'u' ? { ...jsonSchema, pattern: source } : undefined;
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { description, example }]) => {
      const annotations = { description, ...(example !== undefined && { examples: [example] }) };
      const described = { ...annotations, ...converted[name] };
      if (described.description === undefined) throw new TypeError(`The schema ${name} has no description`);
      return [name, described];
    }),
  );
}

/** The components that the document refers to, directly or indirectly; sorted by name. */
function onlyUsed(components: Readonly<Record<string, Json>>, document: Json): Json {
  const used = new Set<string>();
  const follow = (part: unknown): void => {
    for (const [, section = '', name = ''] of JSON.stringify(part).matchAll(
      /"#\/components\/(\w+)\/(\w+)"/g,
    )) {
      if (used.has(`${section}/${name}`)) continue;
      used.add(`${section}/${name}`);
      follow(components[section]?.[name]);
    }
  };
  follow(document);
  return Object.fromEntries(
    Object.entries(components).map(([section, parts]) => [
      section,
      Object.fromEntries(
        Object.entries(parts)
          .filter(([name]) => used.has(`${section}/${name}`))
          .sort(([one], [other]) => (one < other ? -1 : 1)),
      ),
    ]),
  );
}

import { join } from 'node:path';
import { type Call, call, type HttpFunction } from '../../../tests/platform/invoke.ts';
import { type OpenApiDocument, openDocument } from '../documents/openapi-document.ts';
import { type Operation, operations, parametersOf } from '../documents/operations.ts';
import { readApis } from '../documents/platform.ts';

// Each function gets a request that breaks every described part: its answer must name the same parts.

interface ProblemBody {
  readonly errors: readonly { readonly path: string }[];
}

/** The names of the parameters of an operation that are in one part of the request, e.g. `query`. */
const parameters = (document: OpenApiDocument, operation: Operation, part: string): string[] =>
  parametersOf(document, operation)
    .filter((parameter) => parameter.in === part)
    .map(({ name }) => (part === 'header' ? String(name).toLowerCase() : String(name)));

/** Too long and malformed for each of them. */
const broken = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, ' '.repeat(2000)]));

const takesInput = (document: OpenApiDocument, operation: Operation) =>
  'requestBody' in operation.operation ||
  ['path', 'query', 'header'].some((part) => parameters(document, operation, part).length > 0);

describe.each([...readApis().keys()])('%s', (service) => {
  const document = openDocument(service);

  it.each(operations(document).filter((operation) => takesInput(document, operation)))(
    '$route checks every parameter and body that its description names',
    async (operation) => {
      const file = join(__dirname, `../../../services/${service}/src/functions/${operation.name}.ts`);
      const { handler }: { handler: HttpFunction } = await import(file);
      const [path = [], query = [], headers = []] = ['path', 'query', 'header'].map((part) =>
        parameters(document, operation, part),
      );
      const body = 'requestBody' in operation.operation;

      const request: Call = {
        route: operation.route,
        path: broken(path),
        query: broken(query),
        headers: broken(headers),
        ...(body && { body: '"text"' }),
      };
      const answer = await call<ProblemBody>(handler, request);

      expect(answer.status).toBe(400);
      expect(answer.body.errors.map((issue) => issue.path).sort()).toEqual(
        [
          ...path.map((name) => `/path/${name}`),
          ...query.map((name) => `/query/${name}`),
          ...headers.map((name) => `/headers/${name}`),
          ...(body ? ['/body'] : []),
        ].sort(),
      );
    },
  );
});

import { isNode, type OpenApiDocument } from './openapi-document.ts';

export interface GivenAnswer {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: unknown;
}

/**
 * The differences of an answer from its API's document: statuses, headers, content types or bodies that are not
 * described.
 *
 * @param route `POST /orders/{orderId}/cancel`; a method that the path does not have should be answered with 405
 */
export function differences(
  document: OpenApiDocument,
  route: string,
  answer: GivenAnswer,
): readonly string[] {
  const [method = '', path = ''] = route.split(' ');
  if (method === 'OPTIONS') return optionsDifferences(answer);
  const operations = Object.keys(nodeAt(document, 'paths', path)).filter((key) => key !== 'parameters');
  const known = operations.includes(method.toLowerCase());
  const operation = known ? method.toLowerCase() : operations[0];
  const status = String(answer.status);
  if (operation === undefined || (!known && answer.status !== 405)) return [`${route} is not described`];

  const response = document.find('paths', path, operation, 'responses', status);
  if (response === undefined) return [`${route} is not described to answer ${status}`];
  // The document describes media types without parameters, such as a charset.
  const [contentType = ''] = (answer.headers.get('content-type') ?? '').split(';');
  const schema = document.find(...response.place, 'content', contentType, 'schema');
  if (schema === undefined) return [`${route} ${status} is not described to answer ${contentType}`];
  return [
    ...headerDifferences(document, response.place, answer.headers),
    ...document.check(schema.place, answer.body),
  ].map((difference) => `${route} ${status}: ${difference}`);
}

/** The differences from the answer to OPTIONS on every path. */
function optionsDifferences({ status, headers }: GivenAnswer): readonly string[] {
  return status === 204 && headers.has('allow') ? [] : [`OPTIONS was answered with ${status}`];
}

/** The differences from the answer of every API to an unknown path. */
export function unknownPathDifferences(document: OpenApiDocument, answer: GivenAnswer): readonly string[] {
  if (answer.status !== 404) return [`A path that is not described was answered with ${answer.status}`];
  return document.check(['components', 'schemas', 'Problem'], answer.body);
}

/** The described path that matches a path: `/orders/{orderId}` for `/orders/17`. */
export function describedPath(document: OpenApiDocument, path: string): string | undefined {
  return Object.keys(nodeAt(document, 'paths')).find((template) => {
    const pattern = template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+');
    return new RegExp(`^${pattern}$`).test(path);
  });
}

function headerDifferences(
  document: OpenApiDocument,
  response: readonly string[],
  headers: GivenAnswer['headers'],
): readonly string[] {
  return Object.keys(nodeAt(document, ...response, 'headers')).flatMap((name) => {
    const value = headers.get(name.toLowerCase());
    if (value === undefined) return [`no header ${name}`];
    const schema = document.find(...response, 'headers', name, 'schema');
    const number = isNode(schema?.value) && schema.value.type === 'integer';
    return document
      .check(schema?.place ?? [], number ? Number(value) : value)
      .map((issue) => `header ${name}: ${issue}`);
  });
}

function nodeAt(document: OpenApiDocument, ...place: readonly string[]): Readonly<Record<string, unknown>> {
  const value = document.find(...place)?.value;
  return isNode(value) ? value : {};
}

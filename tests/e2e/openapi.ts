import {
  describedPath,
  differences,
  type GivenAnswer,
  unknownPathDifferences,
} from '../../tools/codegen/documents/answers.ts';
import { type OpenApiDocument, openDocument } from '../../tools/codegen/documents/openapi-document.ts';

const documents = new Map<string, OpenApiDocument>();

/**
 * A `fetch` that holds each answer of a service against its OpenAPI document, to the last field: so the suite proves
 * the document.
 *
 * @returns it throws an Error that says where an answer and its document differ
 */
export const fetchDescribed =
  (services: Readonly<Record<string, { readonly url: string }>>): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    const text = await response.clone().text();
    const [service, { url }] = Object.entries(services).find((each) =>
      String(input).startsWith(each[1].url),
    ) ?? ['', { url: '' }];
    expectDescribed(service, init?.method ?? 'GET', String(input).slice(url.length), {
      status: response.status,
      headers: new Map(response.headers),
      body: text === '' ? undefined : JSON.parse(text),
    });
    return response;
  };

function expectDescribed(service: string, method: string, url: string, answer: GivenAnswer): void {
  const document = documents.get(service) ?? openDocument(service, { closed: true });
  documents.set(service, document);
  const [path = ''] = url.split('?');
  const described = describedPath(document, path);
  const found =
    described === undefined
      ? unknownPathDifferences(document, answer)
      : differences(document, `${method} ${described}`, answer);
  if (found.length > 0)
    throw new Error(`Not as docs/reference/openapi/${service}.yaml says:\n${found.join('\n')}`);
}

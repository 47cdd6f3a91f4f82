import {
  describedPath,
  differences,
  type GivenAnswer,
  unknownPathDifferences,
} from '../../tools/codegen/documents/answers.ts';
import { type OpenApiDocument, openDocument } from '../../tools/codegen/documents/openapi-document.ts';

const documents = new Map<string, OpenApiDocument>();

/**
 * Holds an answer of a service against its OpenAPI document, to the last field: so the suite proves the document.
 *
 * @throws Error that says where they differ
 */
export function expectDescribed(service: string, method: string, url: string, answer: GivenAnswer): void {
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

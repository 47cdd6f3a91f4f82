import { pageFields } from '@orderly/functions/http/page';
import * as v from 'valibot';
import { isNode, type OpenApiDocument, openDocument, type Place } from '../documents/openapi-document.ts';
import { operations } from '../documents/operations.ts';
import { onlyRefuses, readApis, readRoutes } from '../documents/platform.ts';

interface Example {
  readonly at: string;
  readonly schema: Place;
  readonly value: unknown;
}

/** The places of a document whose objects are `wanted`. */
function places(
  part: unknown,
  wanted: (node: Readonly<Record<string, unknown>>) => boolean,
  place: Place = [],
): readonly Place[] {
  if (typeof part !== 'object' || part === null) return [];
  const within = Object.entries(part).flatMap(([key, inner]) => places(inner, wanted, [...place, key]));
  return isNode(part) && wanted(part) ? [place, ...within] : within;
}

/** Every example of a document with the place of its schema: those beside a schema, and those within one. */
function examples(document: OpenApiDocument): readonly Example[] {
  return places(document.root, (node) => 'example' in node || 'examples' in node).flatMap((place) => {
    const { value } = { ...document.find(...place) };
    return isNode(value) ? examplesIn(value, place) : [];
  });
}

function examplesIn(node: Readonly<Record<string, unknown>>, place: Place): readonly Example[] {
  const at = place.join(' ');
  if (Array.isArray(node.examples)) return node.examples.map((value) => ({ at, schema: place, value }));
  if (!('schema' in node)) return [];
  const schema = [...place, 'schema'];
  const named = Object.entries(isNode(node.examples) ? node.examples : {}).map(([name, example]) => ({
    at: `${at} ${name}`,
    schema,
    value: isNode(example) ? example.value : undefined,
  }));
  return [...('example' in node ? [{ at, schema, value: node.example }] : []), ...named];
}

it('describes `limit` as the functions check it', () => {
  const document = openDocument('orders');
  const place = ['components', 'parameters', 'Limit', 'schema'];

  for (const limit of ['0', '1', '20', '100', '101', '1.5', '-1']) {
    const refused = document.check(place, Number(limit)).length > 0;
    expect([limit, refused]).toEqual([limit, !v.safeParse(pageFields.limit, limit).success]);
  }
  expect(document.find(...place, 'default')?.value).toBe(v.parse(pageFields.limit, undefined));
});

describe.each([...readApis().keys()])('docs/reference/openapi/%s.yaml', (service) => {
  const document = openDocument(service, { closed: true });

  it('has the routes of serverless.yml, each with the name, description and scopes of its function', () => {
    const described = operations(document).map(({ route, name, summary, scopes }) => ({
      route,
      name,
      summary,
      scopes,
    }));
    const declared = readRoutes(service).filter((route) => !onlyRefuses(route));
    const byRoute = (one: { route: string }, other: { route: string }) => (one.route < other.route ? -1 : 1);

    expect([...described].sort(byRoute)).toEqual([...declared].sort(byRoute));
    expect(declared.filter(({ scopes }) => scopes.length === 0)).toEqual([]);
  });

  it('has valid examples', () => {
    const found = examples(document);

    const wrong = found.flatMap(({ at, schema, value }) =>
      document.check(schema, value).map((issue) => `${at}: ${issue}`),
    );
    expect(wrong).toEqual([]);
    expect(found.length).toBeGreaterThan(10);
  });

  it('has an example of every body', () => {
    const shown = new Set(examples(document).map(({ schema }) => schema.join(' ')));
    const bodies = places(
      document.root,
      (node) => 'schema' in node && !('in' in node) && !('required' in node),
    );

    expect(bodies.filter((place) => !shown.has([...place, 'schema'].join(' ')))).toEqual([]);
    expect(bodies.length).toBeGreaterThan(5);
  });
});

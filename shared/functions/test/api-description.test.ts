import * as v from 'valibot';
import { answerOf, problemsOf } from '../src/http/api-description.ts';

interface Shown {
  readonly id: string;
  readonly at?: string;
}

const route = { route: 'GET /a', name: 'get-a', tag: 'a', summary: 'Shows a', answers: [] };
const codes = (more: object = {}) => problemsOf({ ...route, ...more }).map(({ example }) => example.code);

it('ties a schema to an answer: the same fields, every value allowed', () => {
  const id = v.string();
  const at = v.optional(v.string());

  const schema = answerOf<Shown>()({ id, at });
  // @ts-expect-error a field that is answered is not described
  answerOf<Shown>()({ id });
  // @ts-expect-error a field is described that is not answered
  answerOf<Shown>()({ id, at, more: v.optional(v.string()) });
  // @ts-expect-error a value that may be missing is described as required
  answerOf<Shown>()({ id, at: v.string() });
  // @ts-expect-error not every string is allowed
  answerOf<Shown>()({ id: v.picklist(['a']), at });

  expect(Object.keys(schema.entries)).toEqual(['id', 'at']);
});

it('adds to the problems of a route those that every route answers', () => {
  expect(codes()).toEqual([
    'invalid-request',
    'invalid-token',
    'method-not-allowed',
    'throttled',
    'internal-error',
    'unavailable',
  ]);
});

it('adds what can be wrong with a body, shown by what its schema says of an empty one', () => {
  const body = { schema: v.object({ name: v.string() }), example: { name: 'a' } };

  expect(codes({ body })).toEqual(
    expect.arrayContaining(['invalid-request', 'malformed-json', 'body-too-large', 'unsupported-media-type']),
  );
  expect(problemsOf({ ...route, body })[0]?.example.errors).toEqual([
    { path: '/body/name', message: 'Invalid key: Expected "name" but received undefined' },
  ]);
});

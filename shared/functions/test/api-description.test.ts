import * as v from 'valibot';
import { answerOf, problemsOf } from '../src/http/api-description.ts';

interface Shown {
  readonly id: string;
  readonly at?: string;
}

const route = { route: 'GET /a', name: 'get-a', tag: 'a', summary: 'Shows a', answers: [] };
const codes = (more: object = {}) => problemsOf({ ...route, ...more }).map(({ example }) => example.code);

it('answerOf ties a schema to an answer: the same fields, with all of their values', () => {
  const id = v.string();
  const at = v.optional(v.string());

  const schema = answerOf<Shown>()({ id, at });
  // @ts-expect-error a field of the answer is missing
  answerOf<Shown>()({ id });
  // @ts-expect-error the answer does not have this field
  answerOf<Shown>()({ id, at, more: v.optional(v.string()) });
  // @ts-expect-error the answer may omit this field
  answerOf<Shown>()({ id, at: v.string() });
  // @ts-expect-error not every string is allowed
  answerOf<Shown>()({ id: v.picklist(['a']), at });

  expect(Object.keys(schema.entries)).toEqual(['id', 'at']);
});

it('problemsOf adds the problems of every route', () => {
  expect(codes()).toEqual([
    'invalid-request',
    'invalid-token',
    'method-not-allowed',
    'throttled',
    'internal-error',
    'unavailable',
  ]);
});

it('problemsOf adds the problems of a body, with the issues of an empty one as the example', () => {
  const body = { schema: v.object({ name: v.string() }), example: { name: 'a' } };

  expect(codes({ body })).toEqual(
    expect.arrayContaining(['invalid-request', 'malformed-json', 'body-too-large', 'unsupported-media-type']),
  );
  expect(problemsOf({ ...route, body })[0]?.example.errors).toEqual([
    { path: '/body/name', message: 'Invalid key: Expected "name" but received undefined' },
  ]);
});

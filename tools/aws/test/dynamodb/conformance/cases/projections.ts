import assert from 'node:assert/strict';
import { type Item, list, map, n, s } from '../attribute-values.ts';
import { behaviour, type CaseGroup, type ConformanceCase, refuses } from '../case.ts';

const STORED: Item = {
  a: n(1),
  b: n(2),
  doc: map({ x: n(1), y: map({ z: n(2), w: n(3) }) }),
  entries: list(n(0), n(1), map({ k: n(2), j: n(3) })),
};

const projection = (
  name: string,
  ProjectionExpression: string,
  expected: Item | undefined,
  ExpressionAttributeNames?: Record<string, string>,
): ConformanceCase =>
  behaviour(name, async ({ db, tables, id }) => {
    await db.put(tables.plain, { pk: s(id), ...STORED });
    const item = await db.get(
      tables.plain,
      { pk: s(id) },
      { ProjectionExpression, ...(ExpressionAttributeNames && { ExpressionAttributeNames }) },
    );
    assert.deepEqual(item, expected);
  });

const malformed = (name: string, ProjectionExpression: string, message: string | RegExp): ConformanceCase =>
  refuses(
    name,
    ({ db, tables, id }) => db.get(tables.plain, { pk: s(id) }, { ProjectionExpression }),
    message,
  );

export const projections: CaseGroup = {
  subject: 'projections',
  cases: [
    projection('A projection gives only the attributes that it names', 'a, b', { a: n(1), b: n(2) }),
    projection('A projection leaves out what is not there', 'a, nowhere', { a: n(1) }),
    projection('A projection of nothing that is there gives an empty item', 'nowhere', {}),
    projection('A projection goes into maps and keeps their shape', 'doc.y.z', {
      doc: map({ y: map({ z: n(2) }) }),
    }),
    projection('A projection of list elements gives them without gaps', 'entries[2].k, entries[1]', {
      entries: list(n(1), map({ k: n(2) })),
    }),
    projection('A projection takes names', '#a', { a: n(1) }, { '#a': 'a' }),
    malformed(
      'Paths of a projection may not overlap',
      'doc, doc.x',
      'Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [doc], path two: [doc, x]',
    ),
    malformed(
      'Paths of a projection may not conflict',
      'doc.x, doc[0]',
      /Invalid ProjectionExpression: Two document paths conflict with each other/,
    ),
    malformed(
      'An empty projection is refused',
      '',
      'Invalid ProjectionExpression: The expression can not be empty;',
    ),
    malformed(
      'A reserved word in a projection is refused',
      'a, status',
      'Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: status',
    ),
    malformed(
      'A name in a projection that is not given is refused',
      '#a',
      'Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; attribute name: #a',
    ),
  ],
};

import assert from 'node:assert/strict';
import { type Item, list, map, n, s } from '../attribute-values.ts';
import { type CaseContext, group, refuses } from '../case.ts';

const STORED: Item = {
  a: n(1),
  b: n(2),
  doc: map({ x: n(1), y: map({ z: n(2), w: n(3) }) }),
  entries: list(n(0), n(1), map({ k: n(2), j: n(3) })),
};

const projection =
  (ProjectionExpression: string, expected: Item, ExpressionAttributeNames?: Record<string, string>) =>
  async ({ db, tables, id }: CaseContext): Promise<void> => {
    await db.put(tables.plain, { pk: s(id), ...STORED });
    const item = await db.get(
      tables.plain,
      { pk: s(id) },
      { ProjectionExpression, ...(ExpressionAttributeNames && { ExpressionAttributeNames }) },
    );
    assert.deepEqual(item, expected);
  };

const malformed = (ProjectionExpression: string, message: string | RegExp) =>
  refuses(({ db, tables, id }) => db.get(tables.plain, { pk: s(id) }, { ProjectionExpression }), message);

export const projections = group('projections', {
  'A projection gives only the attributes that it names': projection('a, b', { a: n(1), b: n(2) }),
  'A projection leaves out what is not there': projection('a, nowhere', { a: n(1) }),
  'A projection of nothing that is there gives an empty item': projection('nowhere', {}),
  'A projection goes into maps and keeps their shape': projection('doc.y.z', {
    doc: map({ y: map({ z: n(2) }) }),
  }),
  'A projection of list elements gives them without gaps': projection('entries[2].k, entries[1]', {
    entries: list(n(1), map({ k: n(2) })),
  }),
  'A projection takes names': projection('#a', { a: n(1) }, { '#a': 'a' }),
  'Paths of a projection may not overlap': malformed(
    'doc, doc.x',
    'Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [doc], path two: [doc, x]',
  ),
  'Paths of a projection may not conflict': malformed(
    'doc.x, doc[0]',
    /Invalid ProjectionExpression: Two document paths conflict with each other/,
  ),
  'An empty projection is refused': malformed(
    '',
    'Invalid ProjectionExpression: The expression can not be empty;',
  ),
  'A reserved word in a projection is refused': malformed(
    'a, status',
    'Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: status',
  ),
  'A name in a projection that is not given is refused': malformed(
    '#a',
    'Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; attribute name: #a',
  ),
});

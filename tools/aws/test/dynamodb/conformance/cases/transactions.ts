import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { invalid, type Refusal, refused } from '../assertions.ts';
import { given, n, s } from '../attribute-values.ts';
import { type CaseContext, group, refuses } from '../case.ts';

const ABSENT = {
  ConditionExpression: 'attribute_not_exists(pk)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
} as const;

const CANCELED = 'TransactionCanceledException';
const FAILED = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };

const canceled = (request: Promise<unknown>, ...codes: readonly string[]): Promise<Refusal> =>
  refused(
    request,
    CANCELED,
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
  );

/** The reasons without what is undefined. */
const reasonsOf = ({ reasons = [] }: Refusal): readonly unknown[] => JSON.parse(JSON.stringify(reasons));

const put = ({ tables, id }: CaseContext, name: string, more: object = {}): TransactWriteItem => ({
  Put: { TableName: tables.plain, Item: { pk: s(`${id}-${name}`), v: n(1) }, ...more },
});

const read = ({ db, tables, id }: CaseContext, name: string) =>
  db.get(tables.plain, { pk: s(`${id}-${name}`) });

/** Adds one to `v` of an item. */
const increment = ({ tables, id }: CaseContext, name: string): TransactWriteItem => ({
  Update: {
    TableName: tables.plain,
    Key: { pk: s(`${id}-${name}`) },
    UpdateExpression: 'ADD v :one',
    ...given({ ':one': n(1) }),
  },
});

const many = (count: number, make: (name: string) => TransactWriteItem): TransactWriteItem[] =>
  Array.from({ length: count }, (_, index) => make(String(index)));

export const transactions = group('transactions', {
  async 'A transaction puts, updates, deletes and checks, and answers with nothing'(context) {
    const { db, tables, id } = context;
    const key = (name: string) => ({ TableName: tables.plain, Key: { pk: s(`${id}-${name}`) } });
    await db.transact([put(context, 'gone'), put(context, 'checked')]);
    const { $metadata, ...answer } = await db.transact([
      put(context, 'new', ABSENT),
      increment(context, 'counted'),
      { Delete: key('gone') },
      { ConditionCheck: { ...key('checked'), ConditionExpression: 'v = :v', ...given({ ':v': n(1) }) } },
    ]);
    assert.equal($metadata.httpStatusCode, 200);
    assert.deepEqual(answer, {});
    assert.deepEqual((await read(context, 'new'))?.v, n(1));
    assert.deepEqual((await read(context, 'counted'))?.v, n(1));
    assert.equal(await read(context, 'gone'), undefined);
  },
  async 'One failed condition cancels all of a transaction, and the reasons say which'(context) {
    const { db } = context;
    await db.transact([put(context, 'there')]);
    const there = await read(context, 'there');
    const refusal = await canceled(
      db.transact([put(context, 'new', ABSENT), put(context, 'there', ABSENT), put(context, 'third')]),
      'None',
      'ConditionalCheckFailed',
      'None',
    );
    assert.equal(refusal.status, 400);
    assert.deepEqual(reasonsOf(refusal), [{ Code: 'None' }, { ...FAILED, Item: there }, { Code: 'None' }]);
    assert.deepEqual([await read(context, 'new'), await read(context, 'third')], [undefined, undefined]);
  },
  async 'A cancellation reason has no item by default'(context) {
    const { db } = context;
    await db.transact([put(context, 'there')]);
    const guard = { ConditionExpression: 'attribute_not_exists(pk)' };
    const refusal = await canceled(db.transact([put(context, 'there', guard)]), 'ConditionalCheckFailed');
    assert.deepEqual(reasonsOf(refusal), [FAILED]);
  },
  async 'A cancellation reason of an item that does not exist has no item'(context) {
    const guard = { ...ABSENT, ConditionExpression: 'attribute_exists(pk)' };
    const refusal = await canceled(
      context.db.transact([put(context, 'new', guard)]),
      'ConditionalCheckFailed',
    );
    assert.deepEqual(reasonsOf(refusal), [FAILED]);
  },
  async 'A failed update, delete and check of a transaction show their items'(context) {
    const { db, tables, id } = context;
    await db.transact(['a', 'b', 'c'].map((name) => put(context, name)));
    const key = (name: string) => ({
      TableName: tables.plain,
      Key: { pk: s(`${id}-${name}`) },
      ...ABSENT,
    });
    const refusal = await canceled(
      db.transact([
        { Update: { ...key('a'), UpdateExpression: 'REMOVE v' } },
        { Delete: key('b') },
        { ConditionCheck: key('c') },
      ]),
      'ConditionalCheckFailed',
      'ConditionalCheckFailed',
      'ConditionalCheckFailed',
    );
    const items = await Promise.all(['a', 'b', 'c'].map((name) => read(context, name)));
    assert.deepEqual(
      reasonsOf(refusal),
      items.map((Item) => ({ ...FAILED, Item })),
    );
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
  async 'A transaction takes 100 items and refuses 101'(context) {
    const { db } = context;
    await db.transact(many(100, (name) => put(context, name, ABSENT)));
    assert.deepEqual((await read(context, '99'))?.v, n(1));
    await invalid(
      db.transact(many(101, (name) => put(context, name))),
      /Member must have length less than or equal to 100/,
    );
  },
  async 'A transaction of which all 100 conditions fail gives 100 reasons with items'(context) {
    const { db } = context;
    await db.transact(many(100, (name) => put(context, name)));
    const { reasons = [] } = await canceled(
      db.transact(many(100, (name) => put(context, name, ABSENT))),
      ...Array.from({ length: 100 }, () => 'ConditionalCheckFailed'),
    );
    assert.equal(reasons.filter((reason) => (reason as { Item?: unknown }).Item !== undefined).length, 100);
  },
  'A transaction without items is refused': refuses(
    ({ db }) => db.transact([]),
    /Member must have length greater than or equal to 1/,
  ),
  async 'A transaction may not touch one item twice'(context) {
    const { db, tables, id } = context;
    const TableName = tables.plain;
    await invalid(
      db.transact([put(context, 'a'), { Delete: { TableName, Key: { pk: s(`${id}-a`) } } }]),
      'Transaction request cannot include multiple operations on one item',
    );
    assert.equal(await read(context, 'a'), undefined);
  },
  async 'An entry of a transaction is one operation'(context) {
    const { Put } = put(context, 'a');
    const Delete = { TableName: context.tables.plain, Key: { pk: s(context.id) } };
    await invalid(
      context.db.transact([{ ...(Put && { Put }), Delete }]),
      'TransactItems can only contain one of Check, Put, Update or Delete',
    );
  },
  async 'A transaction on a table that does not exist is refused'(context) {
    const { db } = context;
    const TableName = db.newName('missing');
    await refused(
      db.transact([put(context, 'a'), { Put: { TableName, Item: { pk: s('x') } } }]),
      'ResourceNotFoundException',
      'Requested resource not found',
    );
    assert.equal(await read(context, 'a'), undefined);
  },
  async 'An item without its key cancels a transaction with a validation error'(context) {
    const { db, tables } = context;
    const refusal = await canceled(
      db.transact([put(context, 'a'), { Put: { TableName: tables.plain, Item: { v: n(1) } } }]),
      'None',
      'ValidationError',
    );
    assert.deepEqual(reasonsOf(refusal), [
      { Code: 'None' },
      {
        Code: 'ValidationError',
        Message: 'One or more parameter values were invalid: Missing the key pk in the item',
      },
    ]);
  },
  async 'Arithmetic with an attribute that is not there cancels a transaction with a validation error'(
    context,
  ) {
    const { db, tables, id } = context;
    const Update = {
      TableName: tables.plain,
      Key: { pk: s(id) },
      UpdateExpression: 'SET v = v + :v',
      ExpressionAttributeValues: { ':v': n(1) },
    };
    const refusal = await canceled(db.transact([put(context, 'a'), { Update }]), 'None', 'ValidationError');
    assert.deepEqual(reasonsOf(refusal)[1], {
      Code: 'ValidationError',
      Message: 'The provided expression refers to an attribute that does not exist in the item',
    });
    assert.equal(await read(context, 'a'), undefined);
  },
  async 'An item of more than 400 KB is refused in a transaction'(context) {
    const { db, tables, id } = context;
    const Item = { pk: s(id), x: s('y'.repeat(401 * 1024)) };
    await assert.rejects(
      db.transact([{ Put: { TableName: tables.plain, Item } }]),
      /Item size has exceeded the maximum allowed size|ValidationError/,
    );
    assert.equal(await db.get(tables.plain, { pk: s(id) }), undefined);
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
  async 'A transaction may hold 4 MB and no more'(context) {
    const { db, tables, id } = context;
    const large = (name: string): TransactWriteItem => ({
      Put: {
        TableName: tables.plain,
        Item: { pk: s(`${id}-${name}`), x: s('y'.repeat(380 * 1024)) },
      },
    });
    await db.transact(many(10, large));
    await invalid(db.transact(many(12, large)));
  },
  'A bad expression in a transaction is refused and names the expression': refuses(
    (context) => context.db.transact([put(context, 'a', { ConditionExpression: 'status = ' })]),
    /Invalid ConditionExpression: /,
  ),
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#DDB-TransactWriteItems-request-ClientRequestToken
  async 'A ClientRequestToken makes a transaction happen once'(context) {
    const { db } = context;
    const items = [increment(context, 'a')];
    const ClientRequestToken = randomUUID();
    await db.transact(items, { ClientRequestToken });
    await db.transact(items, { ClientRequestToken });
    assert.deepEqual((await read(context, 'a'))?.v, n(1));
    await db.transact(items, { ClientRequestToken: randomUUID() });
    assert.deepEqual((await read(context, 'a'))?.v, n(2));
  },
  async 'A ClientRequestToken with other items is refused'(context) {
    const ClientRequestToken = randomUUID();
    await context.db.transact([put(context, 'a')], { ClientRequestToken });
    await refused(
      context.db.transact([put(context, 'b')], { ClientRequestToken }),
      'IdempotentParameterMismatchException',
    );
    assert.equal(await read(context, 'b'), undefined);
  },
  async 'A cancelled transaction may be tried again with its ClientRequestToken'(context) {
    const { db, tables, id } = context;
    const ClientRequestToken = randomUUID();
    await db.transact([put(context, 'there')]);
    const items = [put(context, 'there', ABSENT), put(context, 'new')];
    await canceled(db.transact(items, { ClientRequestToken }), 'ConditionalCheckFailed', 'None');
    await db.delete(tables.plain, { pk: s(`${id}-there`) });
    await db.transact(items, { ClientRequestToken });
    assert.deepEqual((await read(context, 'new'))?.v, n(1));
  },
  async 'Transactions at once on one item each happen whole or not at all'(context) {
    const { db } = context;
    const attempt = (name: string) => db.transact([increment(context, 'hot'), put(context, name)]);
    const names = Array.from({ length: 20 }, (_, index) => String(index));
    const results = await Promise.allSettled(names.map(attempt));
    for (const result of results) {
      if (result.status === 'rejected')
        assert.match(String(result.reason), /TransactionConflict|in progress/);
    }
    const done = results.filter(({ status }) => status === 'fulfilled').length;
    assert(done > 0, 'No transaction happened.');
    const written = await Promise.all(names.map((name) => read(context, name)));
    assert.equal(written.filter(Boolean).length, done);
    assert.deepEqual((await read(context, 'hot'))?.v, n(done));
  },
  async 'TransactGetItems answers in the order of the request, with gaps where nothing is'(context) {
    const { db, tables, id } = context;
    await db.transact([put(context, 'a'), put(context, 'b')]);
    const get = (name: string) => [tables.plain, { pk: s(`${id}-${name}`) }] as const;
    const items = await db.transactGet(get('b'), get('nowhere'), get('a'));
    assert.deepEqual(items, [{ pk: s(`${id}-b`), v: n(1) }, undefined, { pk: s(`${id}-a`), v: n(1) }]);
  },
  async 'TransactGetItems may not read one item twice'({ db, tables, id }) {
    const get = [tables.plain, { pk: s(id) }] as const;
    await invalid(
      db.transactGet(get, get),
      'Transaction request cannot include multiple operations on one item',
    );
  },
  async 'TransactGetItems of more than 100 items is refused'({ db, tables, id }) {
    const gets = Array.from({ length: 101 }, (_, i) => [tables.plain, { pk: s(`${id}-${i}`) }] as const);
    await invalid(db.transactGet(...gets), /Member must have length less than or equal to 100/);
  },
});

import { absent, atVersion } from '../src/table/condition.ts';
import type * as Page from '../src/table/page.ts';
import type * as Table from '../src/table/table.ts';
import type * as Transaction from '../src/table/transaction.ts';
import { loadAnew } from './collected-output.ts';
import { caller, collectSpans, spans, type toolkit } from './spans-under-test.ts';
import { testTable } from './test-table.ts';

interface Item {
  readonly pk: string;
  readonly version: number;
}

const name = testTable();
collectSpans();

type Tables = typeof Table & typeof Page & typeof Transaction & ReturnType<typeof toolkit>;

/** The tables of the toolkit with spans on, and its request context. */
function load(): Tables {
  process.env.ORDERLY_TRACE_SPANS = 'true';
  return loadAnew<Tables>(() => ({
    ...require('../src/table/table.ts'),
    ...require('../src/table/page.ts'),
    ...require('../src/table/transaction.ts'),
    ...require('../src/observability/request-context.ts'),
  }));
}

const current = { correlationId: 'request', causationId: 'cause', traceparent: caller.traceparent };

it('each call of a table is a span that names the operation and its tables, as a child of the current one', async () => {
  const { openTable, queryPage, transact, inRequestContext } = load();
  const table = openTable<Item>(name);

  await inRequestContext(current, async () => {
    await table.put({ pk: 'a', version: 1 }, absent);
    await table.get({ pk: 'a' });
    await table.getMany([{ pk: 'a' }]);
    await queryPage<Item>(name, { partition: ['pk', 'a'], limit: 1 });
    await transact([
      table.putting({ pk: 'b', version: 1 }, absent),
      table.updating({ pk: 'a' }, { add: { version: 1 } }, atVersion(1)),
    ]);
  });

  expect(spans.map(({ name: called }) => called)).toEqual([
    'DynamoDB.PutItem',
    'DynamoDB.GetItem',
    'DynamoDB.BatchGetItem',
    'DynamoDB.Query',
    'DynamoDB.TransactWriteItems',
  ]);
  for (const span of spans) {
    expect(span).toMatchObject({
      kind: 'client',
      traceId: caller.traceId,
      parentSpanId: caller.spanId,
      outcome: 'ok',
      attributes: {
        'rpc.system': 'aws-api',
        'rpc.service': 'DynamoDB',
        'db.system.name': 'aws.dynamodb',
        'aws.dynamodb.table_names': [name],
        correlation_id: 'request',
      },
    });
  }
});

it('a write whose condition does not hold is no error', async () => {
  const { openTable, transact, inRequestContext } = load();
  const table = openTable<Item>(name);

  const outcomes = await inRequestContext(current, async () => {
    const put = await table.put({ pk: 'c', version: 2 }, atVersion(1));
    const transaction = await transact([table.putting({ pk: 'c', version: 2 }, atVersion(1))]);
    return [put.outcome, transaction.outcome];
  });

  expect(outcomes).toEqual(['refused', 'refused']);
  expect(spans).toMatchObject([
    { outcome: 'ok', attributes: { 'orderly.refused': 'ConditionalCheckFailedException' } },
    { outcome: 'ok', attributes: { 'orderly.refused': 'TransactionCanceledException' } },
  ]);
});

it('a call that fails is an error, and its caller gets the error', async () => {
  const { openTable, inRequestContext } = load();

  const call = inRequestContext(current, () => openTable<Item>('no-such-table').get({ pk: 'a' }));

  await expect(call).rejects.toThrow();
  expect(spans).toMatchObject([
    { outcome: 'error', error: expect.stringContaining('ResourceNotFoundException') },
  ]);
});

it('a call outside of a request and an event is no span', async () => {
  const { openTable } = load();

  await openTable<Item>(name).get({ pk: 'a' });

  expect(spans).toEqual([]);
});

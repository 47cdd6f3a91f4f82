import { type AwsProxy, type AwsReply, startAwsProxy } from '@orderly/local/aws-proxy';
import { transactionCanceled, transactionConflict } from '@orderly/support/transaction-conflicts';
import { call } from '../../../tests/platform/invoke.ts';
import { withResourcesOf } from '../../../tests/platform/resources.ts';
import { newSku } from './builders.ts';

withResourcesOf('inventory');

/**
 * DynamoDB Local never reports a conflict of transactions. DynamoDB does: to a plain write by
 * TransactionConflictException, to a transaction by the reason TransactionConflict. Here a proxy does.
 */
const conflicts: Readonly<Record<string, () => AwsReply>> = {
  PutItem: transactionConflict,
  TransactWriteItems: () => transactionCanceled([true]),
};

let proxy: AwsProxy;
/** How many writes of each kind are still in the way of a transaction. */
const inTheWay = new Map<string, number>();

const behind = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '';

beforeAll(async () => {
  proxy = await startAwsProxy(behind, async ({ operation }, forward) => {
    const left = inTheWay.get(operation) ?? 0;
    const conflict = conflicts[operation];
    if (left === 0 || conflict === undefined) return forward();
    inTheWay.set(operation, left - 1);
    return conflict();
  });
  process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.url;
});
afterAll(() => {
  process.env.AWS_ENDPOINT_URL_DYNAMODB = behind;
  proxy.close();
});

// Imported late: a function finds its database while it loads.
const putProduct = async (sku: string, price: number) => {
  const { handler } = await import('../src/functions/put-product.ts');
  const body = { name: 'White mug', price, currency: 'GBP' };
  return call(handler, { route: 'PUT /products/{sku}', path: { sku }, body });
};

it('a product is changed despite conflicts with transactions of its stock', async () => {
  const sku = newSku();
  await putProduct(sku, 255);
  inTheWay.set('PutItem', 3).set('TransactWriteItems', 3);

  const answer = await putProduct(sku, 300);

  expect(answer).toMatchObject({ status: 200, body: { price: 300, version: 2 } });
});

it('while conflicts do not end, the caller is asked to try later', async () => {
  const sku = newSku();
  inTheWay.set('PutItem', 1000).set('TransactWriteItems', 1000);

  const answer = await putProduct(sku, 255);

  expect(answer).toMatchObject({
    status: 503,
    headers: { 'retry-after': '1' },
    body: { type: 'urn:orderly:problem:unavailable' },
  });
});

it('conflicts are not waited for beyond the time that the function has', async () => {
  const { absent } = await import('@orderly/functions/table/condition');
  const { openTable } = await import('@orderly/functions/table/table');
  const { transact } = await import('@orderly/functions/table/transaction');
  const table = openTable<{ readonly pk: string }>('test-inventory');
  inTheWay.set('TransactWriteItems', 1000);
  const remaining = [1_500, 999];

  const write = transact([table.putting({ pk: newSku() }, absent)], {
    remainingMs: () => remaining.shift() ?? 0,
  });

  await expect(write).rejects.toThrow('Other transactions were in the way until the time was over');
  // The first attempt, and one more while there was time.
  expect(inTheWay.get('TransactWriteItems')).toBe(998);
});

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type PackagedFunction, packageServices } from '@orderly/local/packages';
import { createServiceResources } from '@orderly/local/service-config';
import { services } from '@orderly/local/services';
import { testEndpoints } from '@orderly/local/testing';
import { unpack } from '@orderly/serverless/unpack.ts';
import { runFunction } from '../src/run-function.ts';

/** In bytes of the zip, with some 3 % of air. */
const budgets: Readonly<Record<string, number>> = {
  // It has no AWS client.
  fallback: 16_000,
  'publish-events': 70_000,
  // It carries a mail client.
  'notifications/consume-order-events': 175_000,
};
const budget = 83_000;

const orderId = '00000000-0000-4000-8000-000000000000';
const http = (more: object = {}) => ({
  headers: { 'content-type': 'application/json' },
  requestContext: { http: { method: 'GET' } },
  rawPath: '/elsewhere',
  ...more,
});
const orderPath = { pathParameters: { orderId } };
const productPath = { pathParameters: { sku: 'NO-SUCH-SKU' } };
const product = { name: 'Bench', price: 100, currency: 'EUR' };
const order = {
  customer: { id: 'bench', email: 'bench@example.com' },
  lines: [{ sku: 'NO-SUCH-SKU', quantity: 1 }],
};
const message = (type: string, data: object) => ({
  Records: [
    {
      messageId: 'm1',
      eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:bench.fifo',
      attributes: { MessageGroupId: orderId, ApproximateReceiveCount: '1' },
      body: JSON.stringify({
        specversion: '1.0',
        id: '019ab000-0000-7000-8000-000000000000',
        source: 'orderly/bench',
        type,
        subject: orderId,
        time: '2026-01-31T12:00:00.000Z',
        datacontenttype: 'application/json',
        dataschema: `urn:orderly:schemas:${type}.json`,
        sequence: 1,
        correlationid: 'bench',
        causationid: 'bench',
        data,
      }),
    },
  ],
});
const line = { sku: 'NO-SUCH-SKU', name: 'Bench', quantity: 1, unitPrice: 100, lineTotal: 100 };
const orderData = {
  ...order,
  orderId,
  currency: 'EUR',
  lines: [line],
  total: 100,
  placedAt: '2026-01-31T12:00:00.000Z',
};
const handled = { batchItemFailures: [] };

/** By function, or by service and function: an event that makes it use its table or queues, and its answer. */
const calls: Readonly<Record<string, readonly [event: object, answer: object]>> = {
  fallback: [http(), { statusCode: 404 }],
  'publish-events': [
    {
      Records: [
        {
          dynamodb: {
            SequenceNumber: '1',
            NewImage: {
              outbox: {
                M: {
                  subject: { S: 'a' },
                  events: { L: [{ M: { id: { S: '1' }, type: { S: 't' }, body: { S: '{}' } } }] },
                },
              },
            },
          },
        },
      ],
    },
    handled,
  ],
  'place-order': [http({ body: JSON.stringify(order) }), { statusCode: 422 }],
  'get-order': [http(orderPath), { statusCode: 404 }],
  'cancel-order': [http(orderPath), { statusCode: 404 }],
  'ship-order': [http(orderPath), { statusCode: 404 }],
  'list-orders': [http({ queryStringParameters: { customerId: 'bench' } }), { statusCode: 200 }],
  'count-stuck-orders': [{}, { count: 0 }],
  'consume-inventory-events': [
    message('orderly.product.upserted.v1', { sku: 'BENCH', ...product, onSale: true }),
    handled,
  ],
  'put-product': [
    http({ pathParameters: { sku: 'BENCH' }, body: JSON.stringify(product) }),
    { statusCode: 201 },
  ],
  'get-product': [http(productPath), { statusCode: 404 }],
  'list-products': [http(), { statusCode: 200 }],
  'adjust-stock': [http({ ...productPath, body: '{"quantity":1,"reason":"bench"}' }), { statusCode: 404 }],
  'inventory/consume-order-events': [message('orderly.order.placed.v1', orderData), handled],
  'notifications/consume-order-events': [
    message('orderly.order.confirmed.v1', { ...orderData, confirmedAt: '2026-01-31T12:00:00.000Z' }),
    handled,
  ],
  'list-notifications': [http({ queryStringParameters: { orderId } }), { statusCode: 200 }],
};

function forFunction<T>(
  values: Readonly<Record<string, T>>,
  { service, name }: PackagedFunction,
): T | undefined {
  return values[`${service}/${name}`] ?? values[name];
}

let packaged: readonly PackagedFunction[] = [];
const endpoints = {
  AWS_ENDPOINT_URL_DYNAMODB: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '',
  AWS_ENDPOINT_URL_SQS: process.env.AWS_ENDPOINT_URL_SQS ?? '',
};

beforeAll(async () => {
  const packages = await packageServices(['dev']);
  // Tables of their own: nothing else counts what these calls write.
  const stage = `bench${process.pid}`;
  packaged = packages.flatMap(({ service, functions }) =>
    functions.map((fn) => ({
      ...fn,
      environment: { ...fn.environment, STAGE: stage, TABLE_NAME: `${stage}-${service}` },
    })),
  );
  for (const service of services) {
    await createServiceResources({
      dir: resolve(__dirname, '../../../services', service),
      stage,
      endpoints: testEndpoints(),
    });
  }
});

it('keeps every zip within its budget', () => {
  const over = packaged.filter((fn) => fn.bytes > (forFunction(budgets, fn) ?? budget));

  expect(over.map(({ service, name, bytes }) => `${service}/${name}: ${bytes} bytes`)).toEqual([]);
  expect(packaged.length).toBeGreaterThan(15);
});

it('runs every function with nothing but credentials in the environment', async () => {
  const answers: Record<string, unknown> = {};
  for (const fn of packaged) {
    const [event] = forFunction(calls, fn) ?? [];
    answers[`${fn.service}/${fn.name}`] = (await runFunction(fn, event, endpoints)).answer;
  }

  expect(answers).toMatchObject(
    Object.fromEntries(packaged.map((fn) => [`${fn.service}/${fn.name}`, forFunction(calls, fn)?.[1]])),
  );
});

it('leaves the other ways to find credentials out of every bundle', async () => {
  const traces = [
    'meta-data/iam/security-credentials',
    '169.254.170.2',
    'sso_start_url',
    'credential_process',
    'web_identity_token_file',
  ];
  const found: string[] = [];
  for (const fn of packaged) {
    const code = readFileSync(`${await unpack(fn)}.js`, 'utf8');
    found.push(
      ...traces.filter((trace) => code.includes(trace)).map((trace) => join(fn.service, fn.name, trace)),
    );
  }

  expect(found).toEqual([]);
});

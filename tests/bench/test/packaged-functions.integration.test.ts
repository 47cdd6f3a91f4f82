import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleService } from '@orderly/clouds/bundle';
import { servicePlans } from '@orderly/clouds/service-plan';
import {
  type CloudEvent,
  eventDefinitions,
  OrderConfirmed,
  OrderPlaced,
  ProductUpserted,
} from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { type PackagedFunction, packageServices } from '@orderly/local/packages';
import { createStackResources } from '@orderly/local/service-config';
import { testEndpoints } from '@orderly/local/testing';
import { unpack } from '@orderly/serverless/unpack.ts';
import { sqsRecord, streamRecord } from '../../../shared/functions/test/records.ts';
import { openDocument } from '../../../tools/codegen/documents/openapi-document.ts';
import { exampleOf, operations } from '../../../tools/codegen/documents/operations.ts';
import { readServices } from '../../../tools/codegen/documents/platform.ts';
import { runFunction } from '../src/run-function.ts';

/** In bytes of the zip, with some 3 % of air. */
const budgets: Readonly<Record<string, number>> = {
  // It has no AWS client.
  fallback: 4_600,
  'publish-events': 59_000,
  // It carries a mail client.
  'notifications/consume-order-events': 164_200,
  // It has the client of SQS beside that of DynamoDB, and makes HTTP requests.
  deliver: 77_400,
};
const budget = 71_500;

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
const message = (event: CloudEvent) => ({ Records: [sqsRecord(event, event.subject)] });
const handled = { batchItemFailures: [] };

type FunctionCall = readonly [event: object, answer: object];

/** By function, or by service and function: an event that makes it use its table or queues, and its answer. */
const calls: Readonly<Record<string, FunctionCall>> = {
  fallback: [http(), { statusCode: 404 }],
  'publish-events': [{ Records: [streamRecord('1', sampleEvent(OrderPlaced))] }, handled],
  'place-order': [http({ body: JSON.stringify(order) }), { statusCode: 422 }],
  'get-order': [http(orderPath), { statusCode: 404 }],
  'cancel-order': [http(orderPath), { statusCode: 404 }],
  'ship-order': [http(orderPath), { statusCode: 404 }],
  'list-orders': [http({ queryStringParameters: { customerId: 'bench' } }), { statusCode: 200 }],
  'count-stuck-orders': [{}, { count: 0 }],
  'consume-inventory-events': [message(sampleEvent(ProductUpserted)), handled],
  'put-product': [
    http({ pathParameters: { sku: 'BENCH' }, body: JSON.stringify(product) }),
    { statusCode: 201 },
  ],
  'get-product': [http(productPath), { statusCode: 404 }],
  'list-products': [http(), { statusCode: 200 }],
  'adjust-stock': [http({ ...productPath, body: '{"quantity":1,"reason":"bench"}' }), { statusCode: 404 }],
  'inventory/consume-order-events': [message(sampleEvent(OrderPlaced)), handled],
  'notifications/consume-order-events': [message(sampleEvent(OrderConfirmed)), handled],
  deliver: [{ Records: [sqsRecord({ endpointId: orderId })] }, handled],
  'list-notifications': [http({ queryStringParameters: { orderId } }), { statusCode: 200 }],
};

function forFunction<T>(
  values: Readonly<Record<string, T>>,
  { service, name }: PackagedFunction,
): T | undefined {
  return values[`${service}/${name}`] ?? values[name];
}

/** A call of a function that nobody has listed, as its service describes it: by example, or with a sample of an event. */
function describedCall({ service, name }: PackagedFunction): FunctionCall {
  const document = openDocument(service);
  const operation = operations(document).find((one) => one.name === name);
  if (operation !== undefined) {
    const { path, query, body } = exampleOf(document, operation);
    const request = { pathParameters: path, queryStringParameters: query, body: JSON.stringify(body) };
    return [http(request), { body: expect.not.stringContaining('"status":5') }];
  }
  const { topic, events = [] } = readServices().find((one) => one.name === service)?.subscription ?? {};
  if (name !== `consume-${topic}`) return [{}, {}];
  const event = eventDefinitions.find((one) => one.topic === topic && events.includes(one.name));
  return [event === undefined ? {} : message(sampleEvent(event)), handled];
}

const callOf = (fn: PackagedFunction): FunctionCall => forFunction(calls, fn) ?? describedCall(fn);

const packaged: PackagedFunction[] = [];
const endpoints = {
  AWS_ENDPOINT_URL_DYNAMODB: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '',
  AWS_ENDPOINT_URL_SQS: process.env.AWS_ENDPOINT_URL_SQS ?? '',
  WAKE_UPS_URL: `${process.env.AWS_ENDPOINT_URL_SQS}/000000000000/dev-webhooks--deliveries`,
  WEBHOOK_KEY: Buffer.alloc(32).toString('base64'),
};

beforeAll(async () => {
  for (const { service, template, functions } of await packageServices(['dev'])) {
    packaged.push(...functions);
    const names = { region: 'eu-central-1', stack: `orderly-${service}-dev` };
    await createStackResources(template, { ...names, endpoints: testEndpoints() });
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
    const [event] = callOf(fn);
    [answers[`${fn.service}/${fn.name}`]] = (await runFunction(fn, [event], endpoints)).answers;
  }

  expect(answers).toMatchObject(
    Object.fromEntries(packaged.map((fn) => [`${fn.service}/${fn.name}`, callOf(fn)[1]])),
  );
});

/** @returns which of these texts each bundle has, as `service/function/text` */
async function tracesIn(traces: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const fn of packaged) {
    const code = readFileSync(`${await unpack(fn)}.js`, 'utf8');
    const present = traces.filter((trace) => code.includes(trace));
    found.push(...present.map((trace) => join(fn.service, fn.name, trace)));
  }
  return found;
}

it('leaves the other ways to find credentials out of every bundle', async () => {
  const traces = [
    'meta-data/iam/security-credentials',
    '169.254.170.2',
    'sso_start_url',
    'credential_process',
    'web_identity_token_file',
  ];

  expect(await tracesIn(traces)).toEqual([]);
});

it('leaves the other clouds out of every bundle', async () => {
  const ofBoth = [
    // The client of PostgreSQL, our tables in it, and the verification of tokens.
    'SCRAM-SHA-256',
    'pg_advisory_xact_lock',
    'ERR_JWKS_NO_MATCHING_KEY',
  ];
  const ofEach = {
    azure: [...ofBoth, '@azure/functions', 'IDENTITY_ENDPOINT', 'servicebus'],
    google: [...ofBoth, '@google-cloud/functions-framework', 'metadata.google.internal', 'googleapis.com'],
  } as const;
  const folder = await mkdtemp(join(tmpdir(), 'orderly-bundles-'));
  const [plan] = await servicePlans('dev');
  if (plan === undefined) throw new Error('There is no service');
  for (const cloud of ['azure', 'google'] as const) {
    const outfile = join(folder, `${cloud}.cjs`);
    await bundleService(plan, cloud, { outfile });
    const code = await readFile(outfile, 'utf8');
    // Or their absence would prove nothing.
    expect(ofEach[cloud].filter((trace) => !code.includes(trace))).toEqual([]);
  }
  await rm(folder, { recursive: true });

  expect(await tracesIn([...ofEach.azure, ...ofEach.google])).toEqual([]);
});

import { CustomerId, EndpointId, OrderId, parse, parseJson, Sku, SkuInput } from '@orderly/contracts';
import { createServiceResources } from '@orderly/local/service-config';
import { folderOf, services } from '@orderly/local/services';
import type { SQSRecord } from 'aws-lambda';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { DeliveryId } from '../../../services/webhooks/src/api/deliveries.ts';
import { EndpointUrl } from '../../../services/webhooks/src/api/endpoints.ts';
import { readEndpointUrl } from '../../../services/webhooks/src/domain/endpoint-url.ts';
import { openDocument } from '../../../tools/codegen/documents/openapi-document.ts';
import { context } from '../../platform/invoke.ts';
import { arbitraryOf, type Preferred } from './arbitrary.ts';
import {
  isPolluted,
  othersEndpoints,
  othersOrders,
  strangers,
  wrongAnswer,
  wrongEndpointUrl,
  wrongReaction,
} from './checks.ts';
import { stage } from './environment.ts';
import { hostileJson, hostileStrings } from './hostile-json.ts';
import { recordWrites, writesOf } from './recorded-writes.ts';
import { cursors, requestsTo } from './requests.ts';
import { apis, type ConsumerOf, loadServices, type RouteOf } from './services.ts';
import { customers, endpointUrls, type StockedEndpoints, skus, stock, stockEndpoints } from './stock.ts';

export interface FuzzOptions {
  /** How many inputs in all, at least. */
  readonly runs: number;
  readonly seed: number;
  readonly endpoints: { readonly dynamodb: string; readonly sqs: string };
}

export interface TargetResult {
  readonly target: string;
  readonly inputs: number;
  /** What it answered, by status; by what became of the message for a consumer. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** The smallest input that was found to break a promise, and how. */
  readonly failure: string | undefined;
}

/** No input may take longer; milliseconds. */
const hangMs = 15_000;

/** Tries every route and every consumer of all services with inputs that follow from the seed alone. */
export async function runFuzz({ runs, seed, endpoints }: FuzzOptions): Promise<readonly TargetResult[]> {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
  });
  await createTables(endpoints);
  const { routes, consumers, wakeUps } = loadServices();
  const owners = await stock(routes, consumers);
  const { tenants, deliveryIds } = await stockEndpoints(routes, consumers);
  // One that no order has.
  const orderIds = ['00000000-0000-4000-8000-000000000000', ...owners.keys()];
  recordWrites();
  const preferred: Preferred = new Map<unknown, fc.Arbitrary<unknown>>([
    [Sku, fc.constantFrom(...skus)],
    [SkuInput, fc.constantFrom(...skus)],
    [CustomerId, fc.constantFrom(...customers)],
    [OrderId, fc.constantFrom(...orderIds)],
    [EndpointUrl, fc.constantFrom(...endpointUrls)],
    [EndpointId, fc.constantFrom(...tenants.keys())],
    [DeliveryId, fc.constantFrom(...deliveryIds)],
  ]);
  // Every fourth endpoint is deleted sooner or later; the others stay for the other routes.
  const deleted = [...tenants.keys()].filter((_, index) => index % 4 === 0);
  const preferredToDelete = new Map([...preferred, [EndpointId, fc.constantFrom(...deleted)]]);
  const preferredBy = ({ route }: RouteOf) => (/^DELETE /.test(route) ? preferredToDelete : preferred);
  const lists = new Map([
    ['orders', customers],
    ['inventory', ['products']],
    ['notifications', orderIds],
  ]);
  const cursorOf = (service: string) =>
    cursors(lists.get(service) ?? customers, [...customers, ...orderIds, ...skus]);
  const targets = [
    ...routes.map((route) =>
      routeTarget(route, preferredBy(route), cursorOf(route.service), owners, tenants),
    ),
    ...consumers.map((consumer) => consumerTarget(consumer, preferred)),
    wakeUpTarget(wakeUps, preferred),
    endpointUrlTarget,
  ];
  // What answers by itself costs next to nothing, and has little to get wrong.
  const weight = (target: Target) => (/ (ANY|\$default)/.test(target.name) ? 1 : 4);
  const total = targets.reduce((sum, target) => sum + weight(target), 0);
  return Promise.all(
    targets.map((target) => tryTarget(target, { numRuns: Math.ceil((runs * weight(target)) / total), seed })),
  );
}

interface Target {
  readonly name: string;
  readonly inputs: fc.Arbitrary<unknown>;
  /** @returns what it came to, and what is wrong with that */
  attempt(input: never): Promise<{ readonly outcome: string; readonly wrong: readonly string[] }>;
}

async function tryTarget(
  { name, inputs, attempt }: Target,
  parameters: { readonly numRuns: number; readonly seed: number },
): Promise<TargetResult> {
  const outcomes = new Map<string, number>();
  let count = 0;
  const property = fc.asyncProperty(inputs, async (input) => {
    count += 1;
    const { outcome, wrong } = await attempt(input as never);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const all = isPolluted() ? [...wrong, 'has changed Object.prototype'] : wrong;
    if (all.length > 0) throw new Error(all.join('\n'));
  });
  const result = await fc.check(property, { ...parameters, timeout: hangMs });
  const told = result.errorInstance instanceof Error ? `${result.errorInstance.message}\n` : '';
  const failure = result.failed ? `${told}${fc.defaultReportMessage(result)}` : undefined;
  return { target: name, inputs: count, outcomes, failure };
}

const documents = new Map(
  [...apis.keys()].map((service) => [service, openDocument(service, { closed: true })]),
);

function routeTarget(
  route: RouteOf,
  preferred: Preferred,
  cursor: fc.Arbitrary<string>,
  owners: ReadonlyMap<string, string>,
  tenants: StockedEndpoints['tenants'],
): Target {
  const name = `${route.service} ${route.route}`;
  const document = documents.get(route.service);
  if (document === undefined) throw new TypeError(`There is no document of ${route.service}`);
  return {
    name,
    inputs: requestsTo(route, preferred, cursor),
    async attempt(request: Parameters<RouteOf['handler']>[0]) {
      const [answer, writes] = await writesOf(() => route.handler(request, context()));
      const wrong = [
        ...wrongAnswer(document, request, answer, writes),
        // A forged event can tell notifications that an order is anybody's.
        ...(route.service === 'orders' ? othersOrders(request, answer, owners) : []),
        ...(route.service === 'webhooks' ? othersEndpoints(request, answer, tenants) : []),
        ...(/ GET \/(orders|notifications)$/.test(name) ? strangers(request, answer, owners) : []),
      ];
      return { outcome: String(answer.statusCode), wrong };
    },
  };
}

function consumerTarget(
  { service, name, wanted, handler, ...consumer }: ConsumerOf,
  preferred: Preferred,
): Target {
  const events = consumer.events.map(({ schema }) =>
    hostileJson(arbitraryOf(schema as v.GenericSchema, preferred)),
  );
  const text = fc.constantFrom(...hostileStrings);
  return {
    name: `${service} ${name}`,
    inputs: fc.record({
      body: fc.oneof(...events),
      group: fc.option(text, { nil: undefined }),
      messageId: fc.uuid(),
    }),
    async attempt({ body, group, messageId }: Readonly<Record<'body' | 'group' | 'messageId', string>>) {
      const record = {
        messageId,
        body,
        attributes: { MessageGroupId: group, ApproximateReceiveCount: '1' },
        messageAttributes: {},
        eventSource: 'aws:sqs',
        eventSourceARN: `arn:aws:sqs:eu-central-1:000000000000:${stage}-events--${service}.fifo`,
      } as unknown as SQSRecord;
      const [answer, writes] = await writesOf(() => handler({ Records: [record] }, context()));
      const outcome = answer.batchItemFailures.length > 0 ? 'given back' : 'acknowledged';
      return { outcome, wrong: wrongReaction(wanted, record, answer, writes) };
    },
  };
}

const WakeUp = v.object({ endpointId: EndpointId });

function wakeUpTarget(
  { service, name, handler }: ReturnType<typeof loadServices>['wakeUps'],
  preferred: Preferred,
): Target {
  return {
    name: `${service} ${name}`,
    inputs: fc.record({ body: hostileJson(arbitraryOf(WakeUp, preferred)), messageId: fc.uuid() }),
    async attempt({ body, messageId }: Readonly<Record<'body' | 'messageId', string>>) {
      const record = { messageId, body } as unknown as SQSRecord;
      const [{ batchItemFailures }, writes] = await writesOf(() => handler({ Records: [record] }, context()));
      const json = parseJson(body);
      const isWakeUp = json.outcome === 'valid' && parse(WakeUp, json.value).outcome === 'valid';
      const givenBack = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      const expected = isWakeUp ? [] : [messageId];
      return {
        outcome: givenBack.length > 0 ? 'given back' : 'acknowledged',
        wrong: [
          ...(givenBack.join() === expected.join() ? [] : [`gave back ${givenBack}, not ${expected}`]),
          ...(isWakeUp || writes.length === 0 ? [] : [`has written: ${writes.join()}`]),
        ],
      };
    },
  };
}

const mostly = (good: string, ...others: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: fc.constant(good), weight: 4 }, fc.constantFrom(...others));

/** Nearly right, or anything: schemes, credentials, hosts as names and as addresses in every notation. */
const urls = fc
  .tuple(
    mostly('https://', 'HTTPS://', 'http://', 'https:', 'file://', ''),
    mostly('', 'user@', 'user:secret@', '@'),
    fc.oneof(
      fc.domain(),
      fc.ipV4Extended(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.ipV4().map((address) => `[::ffff:${address}]`),
      fc.constantFrom(
        'localhost',
        'a.localhost.',
        'metadata.internal',
        '169.254.169.254',
        '2130706433',
        '１２７.0.0.1',
      ),
      fc.constantFrom(...hostileStrings),
    ),
    mostly('', '.', ':443', ':0', ':65536', ':'),
    fc.oneof(
      { arbitrary: fc.webPath(), weight: 3 },
      fc.constantFrom('#', '?#a', '\\', `/${'a'.repeat(2_048)}`, ...hostileStrings),
    ),
  )
  .map((parts) => parts.join(''));

const endpointUrlTarget: Target = {
  name: 'webhooks endpoint URLs',
  inputs: fc.oneof({ arbitrary: urls, weight: 4 }, fc.webUrl(), fc.constantFrom(...hostileStrings)),
  async attempt(text: string) {
    const { outcome } = readEndpointUrl(text, { loopback: false });
    return { outcome, wrong: wrongEndpointUrl(text) };
  },
};

async function createTables(endpoints: FuzzOptions['endpoints']): Promise<void> {
  for (const service of services) {
    await createServiceResources({ dir: folderOf(service), stage, endpoints });
  }
}

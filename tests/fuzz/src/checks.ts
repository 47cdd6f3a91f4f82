import { BlockList, isIP } from 'node:net';
import { byType, type EventDefinition, readEvent } from '@orderly/contracts';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  SQSBatchResponse,
  SQSRecord,
} from 'aws-lambda';
import { readEndpointUrl } from '../../../services/webhooks/src/domain/endpoint-url.ts';
import {
  describedPath,
  differences,
  unknownPathDifferences,
} from '../../../tools/codegen/documents/answers.ts';
import type { OpenApiDocument } from '../../../tools/codegen/documents/openapi-document.ts';

/** Stack traces, as JSON has them, and names from the inside: of files, tables, classes, packages, and of what we stand on. */
const internal =
  /\\n\s+at |node_modules|\.[cm]?[jt]s:\d|fuzz-(orders|inventory|notifications|webhooks)|dynamodb|amazonaws|@aws|[a-z](Error|Exception)\b|valibot|\[object/i;

/** What is wrong with an answer to a request; nothing where all holds. */
export function wrongAnswer(
  document: OpenApiDocument,
  { routeKey, rawPath, requestContext }: APIGatewayProxyEventV2,
  { statusCode = 0, headers = {}, body = '' }: APIGatewayProxyStructuredResultV2,
  writes: readonly string[],
): readonly string[] {
  const { method } = requestContext.http;
  const path = routeKey === '$default' ? describedPath(document, rawPath) : routeKey.split(' ')[1];
  const given = {
    status: statusCode,
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: body === '' ? undefined : (JSON.parse(body) as unknown),
  };
  const refused = statusCode >= 400;
  return [
    ...(statusCode >= 500 ? [`answered with ${statusCode}`] : []),
    ...(path === undefined
      ? unknownPathDifferences(document, given)
      : differences(document, `${method} ${path}`, given)),
    ...(refused && internal.test(body) ? [`tells of the inside: ${body.slice(0, 500)}`] : []),
    ...[...given.headers]
      .filter(([, value]) => !/^[\t\x20-\x7e]*$/.test(value))
      .map(([name]) => `the header ${name} is not one line of ASCII`),
    ...(writes.length > 0 && (refused || method === 'GET') ? [`has written: ${writes.join()}`] : []),
  ];
}

/**
 * What a list shows that was not asked for: a cursor can name any place.
 *
 * @param owners the customers of orders
 */
export function strangers(
  { queryStringParameters: { customerId, orderId } = {} }: APIGatewayProxyEventV2,
  { statusCode, body = '' }: APIGatewayProxyStructuredResultV2,
  owners: ReadonlyMap<unknown, string>,
): readonly string[] {
  if (statusCode !== 200 || (customerId === undefined && orderId === undefined)) return [];
  const { items }: { readonly items: readonly { readonly orderId: string }[] } = JSON.parse(body);
  return items
    .filter((item) =>
      customerId === undefined
        ? item.orderId !== orderId
        : (owners.get(item.orderId) ?? customerId) !== customerId,
    )
    .map((item) => `shows the order ${item.orderId}, which was not asked for`);
}

/**
 * What a caller without `orders:admin` was told of orders that are not theirs.
 *
 * @param owners the customers of orders that were there before
 */
export function othersOrders(
  { pathParameters, requestContext }: APIGatewayProxyEventV2,
  { statusCode = 0, body = '' }: APIGatewayProxyStructuredResultV2,
  owners: ReadonlyMap<unknown, string>,
): readonly string[] {
  const { authorizer } = requestContext as {
    readonly authorizer?: { readonly jwt: { readonly claims: Claims } };
  };
  const tells = statusCode < 300 || statusCode === 409;
  if (!tells || body === '' || authorizer === undefined) return [];
  const { sub, scope, scp } = authorizer.jwt.claims;
  if (/(^|[\s[])orders:admin($|[\s\]])/.test(`${scope} ${scp}`)) return [];
  const answered: { readonly items?: readonly Shown[] } & Shown = JSON.parse(body);
  return [...(answered.items ?? [answered]), { orderId: pathParameters?.orderId }]
    .filter(({ orderId, customer }) => (customer?.id ?? owners.get(orderId) ?? sub) !== sub)
    .map(({ orderId }) => `tells ${sub} of the order ${orderId}, which is somebody else's`);
}

interface Shown {
  readonly orderId?: string | undefined;
  readonly customer?: { readonly id: string };
}

type Claims = Readonly<Record<'sub' | 'scope' | 'scp' | 'client_id', unknown>>;

/**
 * What a caller was told of endpoints, or of deliveries to them, that are not theirs.
 *
 * @param tenants who has registered the endpoints that were there before; `undefined` is whoever has no token
 */
export function othersEndpoints(
  { pathParameters: { endpointId, deliveryId } = {}, requestContext }: APIGatewayProxyEventV2,
  { statusCode = 0, body = '' }: APIGatewayProxyStructuredResultV2,
  tenants: ReadonlyMap<unknown, string | undefined>,
): readonly string[] {
  if (statusCode >= 300) return [];
  const { authorizer } = requestContext as {
    readonly authorizer?: { readonly jwt: { readonly claims: Claims } };
  };
  const { client_id: program, sub } = authorizer?.jwt.claims ?? {};
  const tenant = program || sub;
  const answered: { readonly items?: readonly ShownEndpoint[] } & ShownEndpoint =
    body === '' ? {} : JSON.parse(body);
  const named = { endpointId: endpointId ?? deliveryId?.split('.')[0] };
  return [...(answered.items ?? [answered]), named]
    .filter((shown) => tenants.has(shown.endpointId) && tenants.get(shown.endpointId) !== tenant)
    .map((shown) => `tells ${tenant} of the endpoint ${shown.endpointId}, which is somebody else's`);
}

interface ShownEndpoint {
  readonly endpointId?: string | undefined;
}

/** What is wrong with how a consumer of the wanted events took one message. */
export function wrongReaction(
  wanted: readonly EventDefinition[],
  { body, messageId }: SQSRecord,
  { batchItemFailures }: SQSBatchResponse,
  writes: readonly string[],
): readonly string[] {
  const givenBack = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  const { outcome } = readEvent(body, byType(wanted.map((definition) => ({ definition }))));
  return [
    ...givenBack.filter((id) => id !== messageId).map((id) => `gave back ${id}, which it was not given`),
    ...(outcome === 'invalid' && givenBack.length === 0 ? ['took an event that breaks its schema'] : []),
    ...(outcome === 'ignored' && givenBack.length > 0 ? ['gave back an event of an unknown type'] : []),
    ...(outcome !== 'event' && writes.length > 0 ? [`has written: ${writes.join()}`] : []),
  ];
}

/** Where no endpoint may be, as a list of its own beside that of the service. */
const forbidden = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  forbidden.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  forbidden.addSubnet(network, prefix, 'ipv6');
}

/** What is wrong with the URL that the webhooks service makes of a text; nothing where it refuses the text. */
export function wrongEndpointUrl(text: string): readonly string[] {
  const read = readEndpointUrl(text, { loopback: false });
  if (read.outcome === 'refused') return read.reason === '' ? ['refused without a reason'] : [];
  const { href, protocol, username, password, hash, hostname } = read.url;
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const again = readEndpointUrl(href, { loopback: false });
  return [
    ...(protocol === 'https:' ? [] : [`accepted ${protocol}`]),
    ...(username + password + hash === '' ? [] : ['accepted credentials or a fragment']),
    ...(href.length <= 2_048 ? [] : [`accepted ${href.length} characters`]),
    ...(family !== 0 && forbidden.check(host, family === 4 ? 'ipv4' : 'ipv6')
      ? [`accepted the address ${host}`]
      : []),
    ...(family === 0 && !host.includes('.') ? [`accepted the name ${host}`] : []),
    ...(again.outcome === 'accepted' && again.url.href === href ? [] : [`reads ${href} differently`]),
  ];
}

const builtIn = Object.getOwnPropertyNames(Object.prototype).join();

/** Whether some input has given every object a property. */
export function isPolluted(): boolean {
  return Object.getOwnPropertyNames(Object.prototype).join() !== builtIn;
}

import { CustomerId } from '@orderly/contracts';
import { encodeCursor } from '@orderly/functions/http/cursor';
import { maxBodyBytes } from '@orderly/functions/http/request';
import { anyCharacter } from '@orderly/support/any-character';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as fc from 'fast-check';
import type * as v from 'valibot';
import { arbitraryOf, type Preferred } from './arbitrary.ts';
import { hostileJson, hostileStrings } from './hostile-json.ts';

/** What a route takes, as its description says; `ANY /orders` is what `$default` gets of its path. */
export interface RouteUnderTest {
  readonly route: string;
  readonly path?: Fields | undefined;
  readonly query?: Fields | undefined;
  readonly body?: v.GenericSchema | undefined;
}

interface Fields {
  readonly entries: Readonly<Record<string, v.GenericSchema>>;
}

const hostileString = fc.oneof(
  fc.constantFrom(...hostileStrings),
  fc.string({ unit: anyCharacter, maxLength: 300 }),
);

const jsonType = fc.constantFrom('application/json', 'application/json; charset=utf-8', 'application/a+json');
const contentType = fc.oneof(
  { arbitrary: jsonType, weight: 40 },
  fc.constantFrom(
    '',
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'application/jsonp',
  ),
  fc.constantFrom(
    'multipart/form-data; boundary=a',
    'application/json\u0000',
    `application/json${' '.repeat(8_000)}x`,
  ),
  hostileString,
);

/** Names in lower case, as API Gateway hands them over; some values as it would never let them through. */
const headers: fc.Arbitrary<Record<string, string>> = fc.record(
  {
    'idempotency-key': fc.oneof(
      { arbitrary: fc.constantFrom('a', 'b', 'c'.repeat(255)), weight: 12 },
      hostileString,
      fc.constant('d'.repeat(256)),
    ),
    'x-correlation-id': fc.oneof(fc.stringMatching(/^[\w.:-]{1,128}$/), hostileString),
    traceparent: fc.oneof(
      fc.constantFrom(
        '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        '00-00000000000000000000000000000000-b7ad6b7169203331-01',
        'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      ),
      hostileString,
    ),
    'transfer-encoding': fc.constant('chunked'),
    'content-length': fc.constantFrom('0', '-1', '99999999999'),
    authorization: hostileString,
    accept: fc.constantFrom('text/html', '*/*', ''),
    origin: fc.constantFrom('null', 'https://evil.example'),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** Forged, cut, of another list, or good. */
export function cursors(lists: readonly string[], ids: readonly string[]): fc.Arbitrary<string> {
  const list = fc.oneof({ arbitrary: fc.constantFrom(...lists), weight: 4 }, fc.constantFrom(...ids, ''));
  const id = fc.constantFrom(...ids);
  const value = fc.oneof(
    id,
    id.map((one) => `ORDER#${one}`),
    id.map((one) => `PRODUCT#${one}`),
    fc.constantFrom('PRODUCT', 'order-confirmed', '2026-01-31T12:00:00.000Z'),
    hostileString,
  );
  const names = ['pk', 'sk', 'customerId', 'placedAt', 'listed', 'sku', '__proto__', ''];
  const position = fc.dictionary(fc.constantFrom(...names), value);
  const likely = fc.record(
    { pk: value, customerId: id, placedAt: value, listed: value, sku: id, sk: value },
    { requiredKeys: ['pk'] },
  );
  const forged = fc.tuple(list, fc.oneof(position, likely)).map(([of, at]) => encodeCursor(of, at));
  const cut = fc.tuple(forged, fc.nat(60)).map(([cursor, length]) => cursor.slice(0, length));
  const other = fc
    .tuple(forged, forged)
    .map(([one, another]) => `${one.split('.')[0]}.${another.split('.')[1]}`);
  return fc.oneof({ arbitrary: forged, weight: 4 }, cut, other, hostileString);
}

/** What API Gateway hands over of a token that it has verified: texts, but which ones is up to the issuer. */
function claimsOf(preferred: Preferred): fc.Arbitrary<Record<string, unknown>> {
  const own = fc.constantFrom(
    'orders:write orders:read',
    '[orders:write orders:read]',
    '',
    'orders:administrator',
  );
  const scope = fc.oneof({ arbitrary: own, weight: 3 }, fc.constant('orders:admin'));
  const usual = fc.record({ sub: arbitraryOf(CustomerId, preferred), scope });
  const odd = fc.dictionary(
    fc.constantFrom('sub', 'scope', 'scp', '__proto__'),
    fc.oneof(hostileString, fc.constantFrom(null, 0, [], {})),
  );
  return fc.oneof({ arbitrary: usual, weight: 9 }, odd);
}

const methods = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'];

/** Requests to a route, most of them nearly right. */
export function requestsTo(
  route: RouteUnderTest,
  preferred: Preferred,
  cursor: fc.Arbitrary<string>,
): fc.Arbitrary<APIGatewayProxyEventV2> {
  const [method = '', path = ''] = route.route.split(' ');
  const routeKey = method === 'ANY' ? '$default' : route.route;
  return fc
    .record({
      method: method === 'ANY' || method === '$default' ? fc.constantFrom(...methods) : fc.constant(method),
      path: textsOf(route.path, preferred, {}),
      query: textsOf(route.query, preferred, { cursor }),
      headers,
      contentType: fc.option(contentType, { nil: undefined, freq: 20 }),
      body: bodyOf(route.body, preferred),
      // Nobody's where the stage is open.
      claims: fc.option(claimsOf(preferred), { nil: undefined, freq: 2 }),
    })
    .map((request) => {
      const event = {
        version: '2.0',
        routeKey,
        rawPath: path,
        headers: {
          ...request.headers,
          ...(request.contentType !== undefined && { 'content-type': request.contentType }),
        },
        ...(request.path && { pathParameters: request.path }),
        ...(request.query && { queryStringParameters: request.query }),
        ...request.body,
        requestContext: {
          http: { method: request.method, path },
          ...(request.claims && { authorizer: { jwt: { claims: request.claims } } }),
        },
      };
      return event as unknown as APIGatewayProxyEventV2;
    });
}

/** Path or query: one text for each name, now and then one too many or none. */
function textsOf(
  fields: Fields | undefined,
  preferred: Preferred,
  known: Readonly<Record<string, fc.Arbitrary<string>>>,
): fc.Arbitrary<Record<string, string> | undefined> {
  const named = Object.entries(fields?.entries ?? {}).map(([name, schema]) => {
    const good = known[name] ?? arbitraryOf(schema, preferred).map(String);
    const given = fc.oneof({ arbitrary: good, weight: 20 }, hostileString);
    // What may be left out is, half of the time.
    return [name, fc.option(given, { nil: undefined, freq: schema.type === 'optional' ? 2 : 20 })] as const;
  });
  const record = fc
    .record(Object.fromEntries(named))
    .map((texts) => Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)));
  const extra = fc.dictionary(
    fc.constantFrom('__proto__', 'constructor', 'a[]', 'limit', 'pk'),
    hostileString,
    { maxKeys: 2 },
  );
  const whole = fc
    .tuple(record, fc.option(extra, { nil: {}, freq: 1 }))
    .map(([own, more]) => ({ ...more, ...own }));
  return fc.option(whole, { nil: undefined, freq: 40 }) as fc.Arbitrary<Record<string, string> | undefined>;
}

type Body = Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>;

function bodyOf(schema: v.GenericSchema | undefined, preferred: Preferred): fc.Arbitrary<Body> {
  const none: fc.Arbitrary<Body> = fc.constantFrom(
    { isBase64Encoded: false },
    { body: '{}', isBase64Encoded: false },
  );
  const valid: fc.Arbitrary<unknown> = schema === undefined ? fc.object() : arbitraryOf(schema, preferred);
  const json = hostileJson(valid);
  const plain = json.map((body) => ({ body, isBase64Encoded: false }));
  const encoded = json.map((body) => ({ body: Buffer.from(body).toString('base64'), isBase64Encoded: true }));
  const padded = fc.tuple(json, fc.constantFrom(maxBodyBytes, maxBodyBytes + 1)).map(([body, bytes]) => ({
    body: body + ' '.repeat(Math.max(0, bytes - Buffer.byteLength(body))),
    isBase64Encoded: false,
  }));
  return fc.oneof(
    // A route that takes no body refuses one.
    { arbitrary: none, weight: schema === undefined ? 100 : 1 },
    { arbitrary: plain, weight: 20 },
    { arbitrary: valid.map((value) => ({ body: JSON.stringify(value), isBase64Encoded: false })), weight: 8 },
    { arbitrary: encoded, weight: 3 },
    { arbitrary: padded, weight: 1 },
    // Not UTF-8, or not base64 at all.
    fc.uint8Array({ maxLength: 100 }).map((bytes) => ({
      body: Buffer.from(bytes).toString('base64'),
      isBase64Encoded: true,
    })),
    hostileString.map((body) => ({ body, isBase64Encoded: true })),
    json.map((body) => ({ body: `\ufeff${body}${body}`, isBase64Encoded: false })),
  );
}

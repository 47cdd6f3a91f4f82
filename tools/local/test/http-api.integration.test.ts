import { type IncomingHttpHeaders, request } from 'node:http';
import { type Service, start, untilReady } from './fixture-service.ts';

/** The local HTTP APIs answer as deployed ones do. */

const shop = 'https://shop.example.com';
const other = 'https://evil.example.com';

let service: Service;
afterEach(async () => {
  service.child.kill('SIGTERM');
  await service.exited;
});

const startWith = async (origins: string): Promise<void> => {
  service = await start(['offline'], {
    ORDERLY_FIXTURE_ORIGINS: origins,
    ORDERLY_DYNAMODB_ENDPOINT: process.env.AWS_ENDPOINT_URL_DYNAMODB,
    ORDERLY_SQS_ENDPOINT: process.env.AWS_ENDPOINT_URL_SQS,
  });
  await untilReady(service);
};

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends the path as it is, and no header that is not asked for. */
const ask = (path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> =>
  new Promise((done, fail) => {
    const asked = request({ host: '127.0.0.1', port: service.ports.http, method, path, headers });
    asked.on('error', fail);
    asked.on('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const { statusCode: status, headers: given } = answer;
        done({ status, headers: given, body: Buffer.concat(parts).toString('utf8') });
      });
    });
    asked.end(body);
  });

const echoed = async (path: string, asked: Asked = {}) => {
  const { status, headers, body } = await ask(path, asked);
  return { status, route: headers['x-route'], ...JSON.parse(body) };
};

const cors = ({ headers }: Answer) => Object.keys(headers).filter((name) => /^access-control-/.test(name));

const preflight = (origin: string): Asked => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  },
});

it('lets no page of another origin in where the stage names none, and hands preflight requests to $default', async () => {
  await startWith('');

  for (const asked of [
    { headers: { origin: other } },
    { method: 'POST', headers: { origin: other }, body: '{}' },
  ]) {
    const answer = await ask('/echo/a', asked);
    expect([answer.status, cors(answer)]).toEqual([200, []]);
    expect(JSON.parse(answer.body)).toMatchObject({ origin: other });
  }
  const answer = await ask('/echo/a', preflight(other));
  expect([answer.status, answer.headers['x-route'], cors(answer)]).toEqual([404, '$default', []]);
});

it('lets the pages of the origins in that the stage names, without their cookies, and of no other', async () => {
  await startWith(`${shop} http://localhost:5173`);

  const answer = await ask('/echo/a', { headers: { origin: shop } });
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': shop,
    'access-control-expose-headers': 'allow,location,retry-after,x-request-id',
  });
  const asked = await ask('/echo/a', preflight(shop));
  expect(asked.headers).toMatchObject({
    'x-route': '$default',
    'access-control-allow-origin': shop,
    'access-control-allow-methods': 'GET,POST,PUT',
    'access-control-allow-headers': expect.stringContaining('idempotency-key'),
    'access-control-max-age': '600',
  });
  expect(cors(answer).concat(cors(asked))).not.toContain('access-control-allow-credentials');
  expect(cors(await ask('/echo/a', { headers: { origin: other } }))).toEqual([]);
  expect(cors(await ask('/echo/a', preflight(other)))).toEqual([]);
});

it('hands a request to the route and in the form that an HTTP API does', async () => {
  await startWith('');
  const json = { 'content-type': 'application/json' };

  // HEAD is a method like any other.
  const head = await ask('/echo/a', { method: 'HEAD' });
  expect([head.status, head.headers['x-route'], head.body]).toEqual([404, '$default', '']);
  // A path with a slash at its end is another one.
  expect(await echoed('/echo/a/')).toMatchObject({ route: '$default', rawPath: '/echo/a/' });
  // A body is what its content type says, and nothing where there is none.
  expect(await echoed('/echo/a', { method: 'POST', body: '{}' })).toMatchObject({
    route: 'POST /echo/{id}',
    contentType: '',
    body: '{}',
  });
  for (const contentType of [
    'text/plain',
    'application/xml',
    'nonsense',
    'application/json; charset=latin1',
  ]) {
    const asked = { method: 'POST', headers: { 'content-type': contentType }, body: '{"a":1}' };
    expect(await echoed('/echo/a', asked)).toMatchObject({ status: 200, contentType, body: '{"a":1}' });
  }
  const form = { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=a' }, body: 'a' };
  expect(await echoed('/echo/a', form)).toMatchObject({ status: 200, isBase64Encoded: true, body: 'YQ==' });
  // What is not UTF-8 is not mended.
  const bytes = Buffer.from([0x22, 0xff, 0x22]);
  expect(await echoed('/echo/a', { method: 'POST', headers: json, body: bytes })).toMatchObject({
    contentType: 'application/json',
    isBase64Encoded: true,
    body: bytes.toString('base64'),
  });
  // What encodes nothing stands for itself, and is for the function to refuse.
  expect(await echoed('/echo/%zz')).toMatchObject({ status: 200, route: 'GET /echo/{id}', id: '%zz' });
  expect(await echoed('/echo/%FF?a=%zz')).toMatchObject({ status: 200, id: '%FF' });
  expect(await echoed('/echo/100%?a=b')).toMatchObject({ status: 200, id: '100%' });
  expect(await echoed('/echo/a%20b')).toMatchObject({ status: 200, id: 'a b' });
  expect(await echoed('/elsewhere/%zz')).toMatchObject({ status: 404, route: '$default' });
  // The error of a function that failed is for its log.
  const failed = await ask('/echo/broken');
  expect([failed.status, failed.body]).toEqual([500, '{"message":"Internal Server Error"}']);
  // Cookies are handed on.
  expect(await echoed('/echo/a', { headers: { cookie: 'a="b' } })).toMatchObject({ status: 200 });
});

import { type IncomingHttpHeaders, request } from 'node:http';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { eventually } from '@orderly/support/eventually';
import { freePort, isFree } from '../src/ports.ts';
import { LAMBDA_OFFSET, type Service, start, untilReady } from './fixture-service.ts';

const shop = 'https://shop.example.com';
const other = 'https://evil.example.com';

let service: Service;

const put = (url: string, id: string, body: string) => fetch(`${url}/things/${id}`, { method: 'POST', body });

const deadLetters = async ({ clients, ports }: Service): Promise<readonly string[]> => {
  const QueueUrl = `http://127.0.0.1:${ports.sqs}/000000000000/p${ports.http}-dlq--things--work.fifo`;
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }),
  );
  return Messages.map(({ Body = '' }) => JSON.parse(Body).id);
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

/** Sends the path as it is, and only the given headers. */
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

/** Starts the service before the tests of a block. */
function running(command: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  beforeAll(async () => {
    service = await start(command, env);
    await untilReady(service);
  });

  afterAll(async () => {
    service.child.kill('SIGKILL');
    await service.exited;
  });
}

describe('sls offline', () => {
  running(['offline']);

  it('answers HTTP on its port without the stage, with subscribers found within a second', async () => {
    const answer = await put(service.url, 'a', 'hello');
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ ttl: '1' });
  });

  it('carries a change through the stream and the queue back into the table', async () => {
    await put(service.url, 'b', 'hello');
    await eventually(async () => {
      const answer = await fetch(`${service.url}/things/b`);
      expect([answer.status, await answer.text()]).toEqual([200, 'hello']);
    });
  });

  it('moves a poison message to the dead-letter queue', async () => {
    await put(service.url, 'bad', 'poison');
    // On a machine that is busy enough, a good one takes more than the second that it has, and goes there, too.
    await eventually(async () => expect(await deadLetters(service)).toContain('bad'));
  });

  it('allows no other origin by default, and routes preflight requests to $default', async () => {
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

  it('routes and encodes requests as an HTTP API does', async () => {
    const json = { 'content-type': 'application/json' };

    // HEAD is a method like any other.
    const head = await ask('/echo/a', { method: 'HEAD' });
    expect([head.status, head.headers['x-route'], head.body]).toEqual([404, '$default', '']);
    // A path with a slash at its end is another path.
    expect(await echoed('/echo/a/')).toMatchObject({ route: '$default', rawPath: '/echo/a/' });
    // The content type of a body stays, also an absent one.
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
    const form = {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=a' },
      body: 'a',
    };
    expect(await echoed('/echo/a', form)).toMatchObject({ status: 200, isBase64Encoded: true, body: 'YQ==' });
    // A body that is not UTF-8 stays as it is.
    const bytes = Buffer.from([0x22, 0xff, 0x22]);
    expect(await echoed('/echo/a', { method: 'POST', headers: json, body: bytes })).toMatchObject({
      contentType: 'application/json',
      isBase64Encoded: true,
      body: bytes.toString('base64'),
    });
    // A percent sign that encodes nothing stays, and the function may refuse it.
    expect(await echoed('/echo/%zz')).toMatchObject({ status: 200, route: 'GET /echo/{id}', id: '%zz' });
    expect(await echoed('/echo/%FF?a=%zz')).toMatchObject({ status: 200, id: '%FF' });
    expect(await echoed('/echo/100%?a=b')).toMatchObject({ status: 200, id: '100%' });
    expect(await echoed('/echo/a%20b')).toMatchObject({ status: 200, id: 'a b' });
    expect(await echoed('/elsewhere/%zz')).toMatchObject({ status: 404, route: '$default' });
    // The error of a function that failed is for its log.
    const failed = await ask('/echo/broken');
    expect([failed.status, failed.body]).toEqual([500, '{"message":"Internal Server Error"}']);
    // Cookies are passed on.
    expect(await echoed('/echo/a', { headers: { cookie: 'a="b' } })).toMatchObject({ status: 200 });
  });

  it('stops on SIGTERM with exit code 0, and leaves no port behind', async () => {
    service.child.kill('SIGTERM');
    expect(await service.exited).toEqual([0, null]);
    const { http, dynamodb, sqs } = service.ports;
    const all = [http, http + LAMBDA_OFFSET, dynamodb, sqs];
    await eventually(async () =>
      expect(await Promise.all(all.map(isFree))).toEqual([true, true, true, true]),
    );
  });
});

describe('sls offline start', () => {
  running(['offline', 'start'], { ORDERLY_FIXTURE_ORIGINS: `${shop} http://localhost:5173` });

  it('allows the origins of the stage and no others, without cookies', async () => {
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

  it('names the port that is taken and the variable that changes it', async () => {
    const second = await start(['offline'], { ORDERLY_FIXTURE_PORT: String(service.ports.http) });
    expect(await second.exited).toEqual([1, null]);
    expect(second.lines.join('\n')).toContain(
      `Port ${service.ports.http} for the HTTP API of fixture is taken; set ORDERLY_FIXTURE_PORT to another one.`,
    );
  });

  it('ends its emulators even when it is killed', async () => {
    service.child.kill('SIGKILL');
    await service.exited;
    const { dynamodb, sqs } = service.ports;
    await eventually(async () => expect([await isFree(dynamodb), await isFree(sqs)]).toEqual([true, true]));
  });
});

it('a service names an endpoint that does not answer', async () => {
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const service = await start(['offline'], { ORDERLY_DYNAMODB_ENDPOINT: endpoint });
  expect(await service.exited).toEqual([1, null]);
  expect(service.lines.join('\n')).toContain(`DynamoDB does not answer at ${endpoint}`);
});

it('the plugin does nothing on other commands', async () => {
  const service = await start(['print', '--path', 'service'], { ORDERLY_SQS_PORT: 'no port' });
  expect(await service.exited).toEqual([0, null]);
  expect(service.lines.join('\n')).toContain('fixture');
});

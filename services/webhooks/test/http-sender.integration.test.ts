import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { anyCharacter } from '@orderly/support/any-character';
import fc from 'fast-check';
import { httpSender } from '../src/adapters/http-sender.ts';
import { type LookupAll, resolveHost } from '../src/adapters/resolve-host.ts';
import type { Attempt } from '../src/domain/attempt.ts';
import { authority } from './certificates.ts';
import { ok, Servers } from './servers.ts';

const servers = new Servers();
afterEach(() => servers.close());

const rules = { loopback: true };
const strict = { loopback: false };
/** Ample, so that nothing fails because the machine is busy. */
const timeoutMs = 60_000;
/** For what never ends. */
const shortly = 300;

const send = httpSender({ rules, timeoutMs });

const post = (port: number, path = '/hook', headers = {}, body = '{"id":1}') =>
  send({ url: `http://127.0.0.1:${port}${path}`, headers, body });

const answering =
  (...addresses: string[]): LookupAll =>
  async () =>
    addresses.map((address) => ({ address, family: 4 }));

const durationMs = expect.any(Number);
const answered = (status: number, answer: string) => ({ outcome: 'answered', status, answer, durationMs });
const unanswered = (reason: string) => ({ outcome: 'unanswered', reason, durationMs });
const closedEarly = unanswered('The connection was closed before the answer was complete');
const notHttp = unanswered('The answer is not valid HTTP');
const late = unanswered(`No complete answer within ${shortly / 1_000} s`);

describe('a request', () => {
  it('arrives as a POST with its headers and its body, and is answered', async () => {
    const port = await servers.http(ok);

    const attempt = await post(
      port,
      '/hook?a=b',
      { 'webhook-id': 'm1', 'content-type': 'text/plain' },
      'größe',
    );

    expect(attempt).toEqual(answered(200, 'thanks'));
    expect(servers.requests).toEqual([
      {
        method: 'POST',
        path: '/hook?a=b',
        body: 'größe',
        headers: {
          host: `127.0.0.1:${port}`,
          connection: 'close',
          'accept-encoding': 'identity',
          'content-length': '7',
          'content-type': 'text/plain',
          'webhook-id': 'm1',
        },
      },
    ]);
  });

  it('may be of a megabyte', async () => {
    const port = await servers.http(ok);

    expect(await post(port, '/', {}, 'x'.repeat(2 ** 20))).toEqual(answered(200, 'thanks'));
    expect(servers.requests[0]?.body).toHaveLength(2 ** 20);
  });

  it('has a connection of its own', async () => {
    const port = await servers.http(ok);

    await post(port);
    await post(port);

    expect(servers.connections).toBe(2);
  });

  it('with headers that HTTP does not allow is not sent', async () => {
    const port = await servers.http(ok);

    expect(await post(port, '/', { 'webhook-id': 'a\r\nb: c' })).toEqual(unanswered('The request failed'));
    expect(servers.connections).toBe(0);
  });

  it('never throws, whatever its URL and its headers are', async () => {
    const sender = httpSender({ rules: strict, lookup: answering('10.0.0.1') });
    const url = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.webUrl(),
      fc.constant('https://hooks.example.com'),
    );

    await fc.assert(
      fc.asyncProperty(
        url,
        fc.dictionary(fc.string(), fc.string()),
        fc.string(),
        async (text, headers, body) => {
          expect(await sender({ url: text, headers, body })).toEqual(unanswered(expect.stringMatching(/./)));
        },
      ),
    );
  });
});

describe('an answer', () => {
  it.each([200, 201, 204, 302, 304, 400, 410, 429, 500, 599])('may have the status %d', async (status) => {
    const port = await servers.http((_request, response) => void response.writeHead(status).end());

    expect(await post(port)).toEqual(answered(status, ''));
  });

  it.each([301, 302, 303, 307, 308])('%d is not followed', async (status) => {
    const target = await servers.http(ok);
    const location = `http://127.0.0.1:${target}/`;
    const port = await servers.http(
      (_request, response) => void response.writeHead(status, { location }).end(),
    );

    expect(await post(port)).toEqual(answered(status, ''));
    expect(servers.connections).toBe(1);
  });

  it.each([
    ['of 1,023 bytes is kept whole', 'a'.repeat(1_023), 'a'.repeat(1_023)],
    ['of 1,024 bytes is kept whole', 'a'.repeat(1_024), 'a'.repeat(1_024)],
    ['of 1,025 bytes is cut', 'a'.repeat(1_025), 'a'.repeat(1_024)],
    ['is cut before a character that would be split', `a${'é'.repeat(600)}`, `a${'é'.repeat(511)}`],
  ])('%s', async (_case, body, answer) => {
    const port = await servers.http((_request, response) => void response.end(body));

    expect(await post(port)).toEqual(answered(200, answer));
  });

  it('that is not UTF-8 has replacement characters', async () => {
    const port = await servers.http(
      (_request, response) => void response.end(Buffer.from([0x61, 0xff, 0x62])),
    );

    expect(await post(port)).toEqual(answered(200, 'a\ufffdb'));
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('in %s, which nobody asked for, is neither unpacked nor shown', async (encoding, compress) => {
    const port = await servers.http((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(compress(Buffer.alloc(2 ** 24)));
    });

    expect(await post(port)).toEqual(answered(200, ''));
  });

  it('after 100 Continue and a few other interim answers is the one that counts', async () => {
    const port = await servers.raw((socket) => {
      socket.end(
        `HTTP/1.1 100 Continue\r\n\r\n${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(5)}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok`,
      );
    });

    expect(await post(port)).toEqual(answered(200, 'ok'));
  });

  it('without a length ends with the connection', async () => {
    const port = await servers.raw((socket) => void socket.end('HTTP/1.0 200 OK\r\n\r\nold'));

    expect(await post(port)).toEqual(answered(200, 'old'));
  });

  it('may come before the request is read', async () => {
    const tooLarge = 'HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n';
    const port = await servers.raw((socket) => void socket.end(tooLarge), 'connection');

    expect(await post(port)).toEqual(answered(413, ''));
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120],
    ['3600', 3_600],
    ['3601', 3_600],
    ['9'.repeat(400), 3_600],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600],
  ])('%s is %d seconds', async (header, retryAfterSeconds) => {
    const port = await servers.http(
      (_request, response) => void response.writeHead(503, { 'retry-after': header }).end(),
    );

    expect(await post(port)).toEqual({ ...answered(503, ''), retryAfterSeconds });
  });

  it('may be a date', async () => {
    const port = await servers.http((_request, response) => {
      response.writeHead(429, { 'retry-after': new Date(Date.now() + 1_800_000).toUTCString() }).end();
    });

    const attempt = await post(port);

    expect(attempt).toMatchObject({ retryAfterSeconds: expect.any(Number) });
    const seconds = attempt.outcome === 'answered' ? (attempt.retryAfterSeconds ?? 0) : 0;
    expect(seconds).toBeGreaterThan(1_800 - timeoutMs / 1_000);
    expect(seconds).toBeLessThanOrEqual(1_800);
  });

  it.each([
    '',
    'soon',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    '2026-01-01',
    '31 Dec 9999 23:59:59 GMT',
    'Xxx, 99 Yyy 2026 00:00:00 GMT',
  ])('is left out when it is %j', async (header) => {
    const port = await servers.http(
      (_request, response) => void response.writeHead(503, { 'retry-after': header }).end(),
    );

    expect(await post(port)).toEqual(answered(503, ''));
  });
});

describe('no answer comes from a server that', () => {
  it.each<[string, (socket: Socket) => void, object]>([
    ['closes the connection', (socket) => void socket.end(), closedEarly],
    ['resets the connection', (socket) => void socket.resetAndDestroy(), closedEarly],
    [
      'breaks off within the headers',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-le'),
      closedEarly,
    ],
    [
      'breaks off within the body',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
      closedEarly,
    ],
    [
      'breaks off within a chunk',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nhalf'),
      closedEarly,
    ],
    [
      'switches protocols',
      (socket) =>
        void socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
        ),
      closedEarly,
    ],
    ['speaks SSH', (socket) => void socket.write('SSH-2.0-OpenSSH_9.6\r\n'), notHttp],
    ['speaks HTTP/2', (socket) => void socket.write(Buffer.from('000012040000000000', 'hex')), notHttp],
    ['speaks TLS', (socket) => void socket.write(Buffer.from('15030100020246', 'hex')), notHttp],
    [
      'names two lengths',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nabc'),
      notHttp,
    ],
    [
      'names a length and chunks',
      (socket) =>
        void socket.write(
          'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
        ),
      notHttp,
    ],
    [
      'sends a chunk without a length',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
      notHttp,
    ],
    [
      'sends one huge header',
      (socket) => void socket.write(`HTTP/1.1 200 OK\r\na: ${'x'.repeat(2 ** 20)}`),
      unanswered('The headers of the answer are too large'),
    ],
    [
      'sends very many headers',
      (socket) => void socket.write(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(100_000)}`),
      unanswered('The headers of the answer are too large'),
    ],
    [
      'floods with interim answers',
      (socket) => endlessly(socket, 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(100)),
      notHttp,
    ],
  ])('%s', async (_case, behave, attempt) => {
    const port = await servers.raw(behave);

    expect(await post(port)).toEqual(attempt);
  });

  it('does not listen', async () => {
    const port = await servers.http(ok);
    await servers.close();

    expect(await post(port)).toEqual(unanswered('The connection was refused'));
  });
});

/** Writes for as long as the other side reads. */
function endlessly(socket: Socket, piece: string): void {
  const more = () => {
    while (socket.writable && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

/** One byte every 20 ms, until the sender has gone. */
function drip(socket: Socket, beginning: string, byte: string): void {
  socket.write(beginning);
  const timer = setInterval(() => socket.write(byte), 20);
  socket.on('close', () => clearInterval(timer));
}

it('an endless answer is read no further than its first kilobyte', async () => {
  let connection: Socket | undefined;
  const port = await servers.raw((socket) => {
    connection = socket;
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    endlessly(socket, 'x'.repeat(2 ** 16));
  });

  expect(await post(port)).toEqual(answered(200, 'x'.repeat(1_024)));
  if (connection?.closed === false) await once(connection, 'close').catch(() => undefined);
  expect(connection?.destroyed).toBe(true);
});

it('an answer that stays open after a kilobyte is complete', async () => {
  const port = await servers.raw(
    (socket) => void socket.write(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(1_024)}`),
  );

  expect(await post(port)).toEqual(answered(200, 'x'.repeat(1_024)));
});

describe('an attempt ends in time when the server', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['is silent', () => undefined],
    ['drips the status line', (socket) => drip(socket, 'HTTP/1.1 200 O', 'K')],
    ['drips a header', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\na: ', 'b')],
    ['drips the body', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n', 'x')],
    ['drips empty lines', (socket) => drip(socket, '', '\r\n')],
    [
      'ends no chunk',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'),
    ],
    ['only says 100 Continue', (socket) => void socket.write('HTTP/1.1 100 Continue\r\n\r\n')],
  ])('%s', async (_case, behave) => {
    let gone: Promise<unknown> | undefined;
    const port = await servers.raw((socket) => {
      gone = new Promise((closed) => socket.on('close', closed).resume());
      behave(socket);
    });
    const url = `http://127.0.0.1:${port}/`;

    const attempt = await httpSender({ rules, timeoutMs: shortly })({ url, headers: {}, body: 'x' });

    expect(attempt).toEqual(late);
    expect(attempt.durationMs).toBeGreaterThanOrEqual(shortly - 1);
    await gone;
  });

  it('reads nothing', async () => {
    const port = await servers.raw((socket) => void socket.pause(), 'connection');
    const url = `http://127.0.0.1:${port}/`;

    const attempt = await httpSender({ rules, timeoutMs: shortly })({
      url,
      headers: {},
      body: 'x'.repeat(2 ** 25),
    });

    expect(attempt).toEqual(late);
  });

  it('never begins with TLS', async () => {
    const port = await servers.raw(() => undefined);
    const url = `https://127.0.0.1:${port}/`;

    expect(await httpSender({ rules, timeoutMs: shortly })({ url, headers: {}, body: '' })).toEqual(late);
  });

  it('has a name that nobody resolves', async () => {
    const lookup = () => new Promise<never>(() => undefined);
    const url = 'https://hooks.example.com/';

    expect(await httpSender({ rules, lookup, timeoutMs: shortly })({ url, headers: {}, body: '' })).toEqual(
      late,
    );
  });

  it('is late for the time of this request', async () => {
    const port = await servers.raw(() => undefined);
    const url = `http://127.0.0.1:${port}/`;

    expect(await send({ url, headers: {}, body: '' }, { timeoutMs: shortly })).toEqual(late);
  });
});

it('an attempt whose name is resolved too late connects to nothing', async () => {
  const port = await servers.http(ok);
  let resolve: ((addresses: Awaited<ReturnType<LookupAll>>) => void) | undefined;
  const lookup: LookupAll = () => new Promise((later) => (resolve = later));
  const url = `http://hooks.localhost:${port}/`;

  const attempt = await httpSender({ rules, lookup, timeoutMs: shortly })({ url, headers: {}, body: '' });
  resolve?.([{ address: '127.0.0.1', family: 4 }]);
  // A later attempt is there, so an earlier one would be.
  await post(port);

  expect(attempt).toEqual(late);
  expect(servers.connections).toBe(1);
});

describe('nothing is connected to', () => {
  const host = 'hooks.example.com';

  /** The attempt at a server that listens where the URL leads to. */
  async function attemptAt(url: (port: number) => string, lookup?: LookupAll): Promise<Attempt> {
    const port = await servers.http(ok);
    const sender = httpSender({ rules: strict, timeoutMs, ...(lookup && { lookup }) });
    return sender({ url: url(port), headers: {}, body: '' });
  }

  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.1',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
  ])('at the address %s, which the rules refuse', async (text) => {
    const attempt = await attemptAt((port) => `https://${text}:${port}/`);

    expect(attempt).toEqual(unanswered(expect.stringMatching(/^The host [^ ]+ is a loopback address$/)));
    expect(servers.connections).toBe(0);
  });

  it.each([
    'http://127.0.0.1',
    'http://localhost',
    'https://localhost',
    'https://hooks.localhost.',
    `http://${host}`,
  ])('for %s, which the rules refuse', async (origin) => {
    const lookup = jest.fn(answering('127.0.0.1'));

    const attempt = await attemptAt((port) => `${origin}:${port}/`, lookup);

    expect(attempt).toEqual(unanswered(expect.stringMatching(/^The (host|URL) /)));
    expect(lookup).not.toHaveBeenCalled();
    expect(servers.connections).toBe(0);
  });

  it.each([
    ['a loopback address', ['127.0.0.1']],
    ['a public address and a loopback address', ['8.8.8.8', '127.0.0.1']],
    ['a loopback address and a public address', ['127.0.0.1', '8.8.8.8']],
    ['a mapped loopback address', ['::ffff:127.0.0.1']],
  ])('for a name with %s', async (_case, addresses) => {
    const attempt = await attemptAt((port) => `https://${host}:${port}/`, answering(...addresses));

    expect(attempt).toEqual(unanswered(`${host} has a loopback address`));
    expect(servers.connections).toBe(0);
  });

  it('for a name whose address became private after it was registered', async () => {
    const lookup = jest.fn(answering('127.0.0.1')).mockImplementationOnce(answering('8.8.8.8'));

    const registered = await resolveHost(host, strict, lookup);
    const attempt = await attemptAt((port) => `https://${host}:${port}/`, lookup);

    expect(registered).toMatchObject({ outcome: 'resolved' });
    expect(attempt).toEqual(unanswered(`${host} has a loopback address`));
    expect(servers.connections).toBe(0);
  });

  it('for a name without an address', async () => {
    const lookup = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));

    expect(await attemptAt((port) => `https://${host}:${port}/`, lookup)).toEqual(
      unanswered(`${host} has no address`),
    );
  });
});

describe('a name that changes its address', () => {
  it('between check and connection is connected to where it was checked', async () => {
    const port = await servers.http(ok);
    // Nothing listens at the second, nor may it be connected to.
    const lookup = jest.fn(answering('10.0.0.1')).mockImplementationOnce(answering('127.0.0.1'));
    const url = `http://hooks.localhost:${port}/`;

    const attempt = await httpSender({ rules, lookup, timeoutMs })({ url, headers: {}, body: '' });

    expect(attempt).toEqual(answered(200, 'thanks'));
    expect(lookup).toHaveBeenCalledTimes(1);
    expect(servers.requests[0]?.headers.host).toBe(`hooks.localhost:${port}`);
  });

  it('is checked anew for each attempt', async () => {
    const port = await servers.http(ok);
    const lookup = jest.fn(answering('10.0.0.1')).mockImplementationOnce(answering('127.0.0.1'));
    const sender = httpSender({ rules, lookup, timeoutMs });
    const request = { url: `http://hooks.localhost:${port}/`, headers: {}, body: '' };

    const attempts = [await sender(request), await sender(request)];

    expect(attempts).toEqual([answered(200, 'thanks'), unanswered('hooks.localhost has a private address')]);
    expect(servers.connections).toBe(1);
  });
});

it('a name with an address that does not answer is reached at another one', async () => {
  const port = await servers.http(ok);
  const lookup = answering('127.0.0.2', '127.0.0.1');
  const url = `http://hooks.localhost:${port}/`;

  expect(await httpSender({ rules, lookup, timeoutMs })({ url, headers: {}, body: '' })).toEqual(
    answered(200, 'thanks'),
  );
});

describe('over TLS', () => {
  const trusted = authority('Trusted');
  const unknown = authority('Unknown');
  const host = 'hooks.example.com';
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trusted-'));
    await writeFile(join(folder, 'ca.pem'), trusted.cert);
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** From a process that trusts the one authority and has this environment. */
  async function sendAll(urls: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--require', 'tsx/cjs', join(__dirname, 'send-in-process.ts'), ...urls],
      { env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'), ...environment } },
    );
    return JSON.parse(stdout);
  }

  const url = (port: number) => `https://${host}:${port}/`;
  const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000);

  it('a server is reached whose certificate is valid, and no other', async () => {
    const valid = await servers.https(trusted.issue(host));
    const attempts = await sendAll([
      url(valid),
      url(await servers.https(trusted.issue(host, { to: daysFromNow(-1), from: daysFromNow(-2) }))),
      url(await servers.https(trusted.issue(host, { from: daysFromNow(1), to: daysFromNow(2) }))),
      url(await servers.https(trusted.issue('other.example.com'))),
      url(await servers.https(unknown.issue(host))),
      url(await servers.https(unknown)),
      url(await servers.http(ok)),
      // Its certificate is for the name.
      `https://127.0.0.1:${valid}/`,
      `https://${host}.:${valid}/`,
    ]);

    expect(attempts).toEqual([
      answered(200, 'thanks'),
      unanswered('The certificate has expired'),
      unanswered('The certificate is not valid yet'),
      unanswered(`The certificate is not for ${host}`),
      unanswered('The certificate is signed by an unknown authority, or lacks the intermediate one'),
      unanswered('The certificate is signed by itself'),
      unanswered('The TLS handshake failed'),
      unanswered('The certificate is not for 127.0.0.1'),
      answered(200, 'thanks'),
    ]);
    expect(servers.requests).toHaveLength(2);
  });

  it('no environment weakens the check of certificates, and none brings in a proxy', async () => {
    const proxy = await servers.http(ok);
    const port = await servers.https(unknown.issue(host));
    const through = `http://127.0.0.1:${proxy}`;

    const attempts = await sendAll([url(port), `http://hooks.localhost:${proxy}/direct`], {
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      NODE_USE_ENV_PROXY: '1',
      HTTPS_PROXY: through,
      HTTP_PROXY: through,
      https_proxy: through,
      http_proxy: through,
    });

    expect(attempts).toEqual([
      unanswered('The certificate is signed by an unknown authority, or lacks the intermediate one'),
      answered(200, 'thanks'),
    ]);
    expect(servers.requests.map(({ path }) => path)).toEqual(['/direct']);
  });
});

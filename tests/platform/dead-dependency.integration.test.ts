import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server as SocketServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Asked } from './ask-every-route.ts';

// Every route, with its database dead in every way that it can be: 503 within 3 s.

const withinMs = 3_000;

const listen = async (server: Server | SocketServer): Promise<string> => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const silent = createSocketServer((socket) => socket.on('error', () => undefined));
const broken = createServer((_request, response) => response.writeHead(500).end('{}'));
const endless = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
  response.write('{');
});
const gone = createSocketServer();

afterAll(() => {
  for (const server of [broken, endless]) {
    server.close();
    server.closeAllConnections();
  }
  silent.close();
});

it.each([
  ['takes connections and says nothing', () => listen(silent)],
  ['answers 500', () => listen(broken)],
  ['never ends its answer', () => listen(endless)],
  [
    'refuses connections',
    async () => {
      const url = await listen(gone);
      await new Promise((closed) => gone.close(closed));
      return url;
    },
  ],
])('answers 503 on every route while the database %s', async (_how, start) => {
  const env = { ...process.env, AWS_ENDPOINT_URL_DYNAMODB: await start() };
  const argv = ['--import', 'tsx', join(__dirname, 'ask-every-route.ts')];

  const { stdout } = await promisify(execFile)(process.execPath, argv, { env });

  const asked: readonly Asked[] = JSON.parse(stdout);
  expect(asked.length).toBeGreaterThanOrEqual(10);
  expect(asked.filter(({ ms }) => ms >= withinMs)).toEqual([]);
  expect(asked).toEqual(
    asked.map((one) => ({ ...one, status: 503, retryAfter: expect.stringMatching(/^\d+$/), wrong: [] })),
  );
});

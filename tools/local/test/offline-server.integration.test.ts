import { type EventEmitter, once } from 'node:events';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@orderly/support/eventually';
import { OfflineServer } from '../src/offline-server.ts';
import { repositoryRoot } from '../src/ports.ts';
import type { HttpServer, Serverless } from '../src/serverless.ts';

const LIMIT = 4 * availableParallelism();

interface HapiServer extends HttpServer {
  readonly info: { readonly uri: string };
  readonly listener: EventEmitter;
  route(route: object): void;
  start(): Promise<void>;
}

/** The one that serverless-offline has. */
const ofServerlessOffline = createRequire(
  join(repositoryRoot, 'node_modules/serverless-offline/src/index.js'),
);
const { Server } = ofServerlessOffline('@hapi/hapi') as {
  readonly Server: new (options: object) => HapiServer;
};

/** Stands in for the plugin, which is known by its name. */
class ServerlessOffline {
  constructor(readonly http: HttpServer) {}

  async end(): Promise<void> {}

  internals() {
    return { getApiGatewayServer: () => this.http };
  }
}

const serverlessWith = (plugin: object): Pick<Serverless, 'pluginManager' | 'service'> => ({
  pluginManager: { plugins: [plugin] },
  service: {
    service: 'things',
    provider: { stage: 'test', region: 'eu-central-1' },
    functions: {},
    resources: {},
  },
});

/** A function that ends when the test says so. */
class SlowFunction {
  readonly #running = new Set<() => void>();
  most = 0;

  get running(): number {
    return this.#running.size;
  }

  readonly run = (): Promise<string> =>
    new Promise((done) => {
      const end = (): void => {
        this.#running.delete(end);
        done('done');
      };
      this.#running.add(end);
      this.most = Math.max(this.most, this.running);
    });

  endAll(): void {
    for (const end of [...this.#running]) end();
  }
}

let http: HapiServer;
let server: OfflineServer;
let slow: SlowFunction;
let changes: number;

const send = (path: string, method: string, signal?: AbortSignal) =>
  fetch(`${http.info.uri}${path}`, { method, ...(signal && { signal }) });

const sendSlow = (count: number) => Array.from({ length: count }, () => send('/slow', 'POST'));

/** Ends what runs, and what is let in after it, until all is answered. */
const endWhatRuns = async (requests: readonly Promise<Response>[]): Promise<void> => {
  const timer = setInterval(() => slow.endAll(), 5);
  await Promise.all(requests);
  clearInterval(timer);
};

beforeEach(async () => {
  http = new Server({ host: '127.0.0.1', port: 0 });
  slow = new SlowFunction();
  http.route({ method: '*', path: '/slow', handler: slow.run });
  http.route({ method: '*', path: '/quick', handler: () => 'done' });
  await http.start();
  server = new OfflineServer(serverlessWith(new ServerlessOffline(http)), async () => undefined);
  changes = 0;
  server.watchRequests(() => {
    changes += 1;
  });
});

afterEach(() => server.finishRequests());

it('a server works on a limited number of requests at once, and on the others afterwards', async () => {
  const requests = sendSlow(LIMIT + 3);
  await eventually(() => expect(slow.running).toBe(LIMIT));

  await endWhatRuns(requests);

  expect(slow.most).toBe(LIMIT);
  expect(changes).toBe(LIMIT + 3);
});

it('the limit of requests holds when a waiting caller leaves', async () => {
  const first = sendSlow(LIMIT);
  await eventually(() => expect(slow.running).toBe(LIMIT));
  const leaving = new AbortController();
  const arrived = once(http.listener, 'request');
  const left = send('/slow', 'POST', leaving.signal).catch((error: Error) => error.name);
  await arrived;
  leaving.abort();
  expect(await left).toBe('AbortError');
  // The server ends it, too.
  await eventually(() => expect(changes).toBe(1));

  await endWhatRuns(first);
  const later = sendSlow(LIMIT + 3);
  await eventually(() => expect(slow.running).toBe(LIMIT));
  await endWhatRuns(later);

  expect(slow.most).toBe(LIMIT);
});

it.each([
  ['GET', 0],
  ['HEAD', 0],
  ['POST', 1],
  ['PUT', 1],
  ['DELETE', 1],
])('a %s counts as %d changes', async (method, expected) => {
  await send('/quick', method);
  await server.pause();

  expect(changes).toBe(expected);
});

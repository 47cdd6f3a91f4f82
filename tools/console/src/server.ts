import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { listen } from '@orderly/aws/protocol/listen';
import type { PageFile } from './build-page.ts';
import { passOn } from './http/call.ts';
import { streamLive } from './http/live.ts';
import { notFound, Refusal, toRefusal } from './http/problem.ts';
import { readJson, router } from './http/router.ts';
import { Guard, pageHeaders } from './http/security.ts';
import type { Platform } from './platform.ts';
import type { ConsoleApi, Replacer } from './routes.ts';

// Loads when it is called, in the way in which this file was loaded itself.
const load = createRequire(__filename);
const LOCAL_PULSE_MS = 1_000;
/** On AWS each look costs. */
const REMOTE_PULSE_MS = 30_000;
const CALL = /^\/api\/call\/([^/]+)(\/.*)$/;

export interface Console {
  readonly url: string;
  stop(): Promise<void>;
}

interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly type?: string;
  readonly replacer?: Replacer | undefined;
}

const sendJson = (response: ServerResponse, answer: JsonAnswer): void => {
  const { status, body, type = 'application/json', replacer } = answer;
  response.writeHead(status, { ...pageHeaders, 'content-type': type, 'cache-control': 'no-store' });
  response.end(JSON.stringify(body, replacer));
};

const sendRefusal = (response: ServerResponse, { status, title, message }: Refusal): void =>
  sendJson(response, { status, body: { status, title, detail: message }, type: 'application/problem+json' });

/** The page, built when it is asked for first. */
class Page {
  readonly #token: string;
  #files: Promise<ReadonlyMap<string, PageFile>> | undefined;

  constructor(token: string) {
    this.#token = token;
  }

  async send(response: ServerResponse, path: string): Promise<void> {
    this.#files ??= this.#build();
    const files = await this.#files;
    const file = files.get(path) ?? (path.startsWith('/assets/') ? undefined : files.get('/'));
    if (file === undefined) throw notFound(`There is nothing at ${path}.`);
    const caching = file.immutable ? 'private, max-age=31536000, immutable' : 'no-store';
    response.writeHead(200, { ...pageHeaders, 'content-type': file.type, 'cache-control': caching });
    const isPage = file === files.get('/');
    response.end(isPage ? file.body.toString('utf8').replace('__TOKEN__', this.#token) : file.body);
  }

  #build(): Promise<ReadonlyMap<string, PageFile>> {
    const { buildPage } = load('./build-page.ts') as typeof import('./build-page.ts');
    const files = buildPage();
    files.catch(() => {
      // The next request tries again: somebody may be editing the page.
      this.#files = undefined;
    });
    return files;
  }
}

class Requests {
  readonly #platform: Platform;
  readonly #guard: Guard;
  readonly #page: Page;
  readonly #startedAt = Date.now();
  #api: ConsoleApi | undefined;

  constructor(platform: Platform, port: number) {
    this.#platform = platform;
    this.#guard = new Guard(port);
    this.#page = new Page(this.#guard.token);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#guard.check(request);
      const { pathname, searchParams, search } = new URL(request.url ?? '/', 'http://localhost');
      if (!pathname.startsWith('/api/')) return await this.#page.send(response, pathname);
      if (pathname === '/api/live') return await this.#live(response, searchParams);
      if (request.method !== 'GET') this.#checkAction(request);
      const call = CALL.exec(pathname);
      if (call !== null) return await this.#call(request, response, call[1] ?? '', `${call[2]}${search}`);
      const body = await this.#ask(request, pathname, searchParams);
      sendJson(response, { status: 200, body, replacer: this.#load().mask });
    } catch (error) {
      if (response.headersSent) response.destroy();
      else sendRefusal(response, toRefusal(error));
    }
  }

  close(): void {
    this.#api?.close();
  }

  /** @throws Refusal */
  #checkAction(request: IncomingMessage): void {
    this.#guard.checkToken(request);
    if (this.#platform.canChange) return;
    throw new Refusal(403, 'Read only', 'Nothing is changed without --allow-changes.');
  }

  async #ask(request: IncomingMessage, path: string, query: URLSearchParams): Promise<unknown> {
    const { routes } = this.#load();
    const match = router(routes)(request.method ?? 'GET', path);
    if (match === undefined) throw notFound(`There is no ${request.method} ${path}.`);
    const body = request.method === 'POST' ? await readJson(request) : undefined;
    return match.handler({ params: match.params, query, body });
  }

  async #call(
    request: IncomingMessage,
    response: ServerResponse,
    service: string,
    rest: string,
  ): Promise<void> {
    // Also a GET: a token of the local issuer goes along.
    this.#guard.checkToken(request);
    const services = this.#platform.local?.services() ?? [];
    const urls = new Map(services.map(({ name, url }) => [name, url]));
    const token = await this.#load().token();
    await passOn(request, response, { service, rest, urls, token });
  }

  async #live(response: ServerResponse, query: URLSearchParams): Promise<void> {
    const { pulse } = this.#load();
    const recorder = this.#platform.local?.recorder;
    const never = (): (() => void) => () => undefined;
    streamLive(response, new Set(query.keys()), {
      pulse,
      pulseMs: recorder === undefined ? REMOTE_PULSE_MS : LOCAL_PULSE_MS,
      onEvents: (listener) => recorder?.events.changes.listen(listener) ?? never(),
      onLogs: (listener) => recorder?.logs.changes.listen(listener) ?? never(),
    });
  }

  /** The SDK and all views come with the first request: until then the console costs next to nothing. */
  #load(): ConsoleApi {
    this.#api ??= (load('./routes.ts') as typeof import('./routes.ts')).createApi(
      this.#platform,
      this.#startedAt,
    );
    return this.#api;
  }
}

/**
 * Serves the console on 127.0.0.1.
 * @throws Error when the port is taken
 */
export const startConsole = async (platform: Platform, port: number): Promise<Console> => {
  const requests = new Requests(platform, port);
  const server = createServer((request, response) => void requests.answer(request, response));
  const { url, stop } = await listen(server, port);
  return {
    url,
    stop: async () => {
      await stop();
      requests.close();
    },
  };
};

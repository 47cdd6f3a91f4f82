import { availableParallelism } from 'node:os';
import { Gate } from './gate.ts';
import { answerAsHttpApi, takeCors } from './http-api.ts';
import type { Cors, HttpRequest, HttpServer, OfflinePlugin, Serverless } from './serverless.ts';

const FINISH_MS = 3_000;
const RELOAD_MS = 10_000;

/** serverless-offline starts a worker for each request without an idle one, and a start costs as much as many requests. */
const REQUESTS_PER_PROCESSOR = 4;

/** A safe method changes nothing: https://www.rfc-editor.org/rfc/rfc9110#name-safe-methods */
const SAFE_METHODS = new Set(['get', 'HEAD', 'options']);

/**
 * serverless-offline with three changes. It answers as an HTTP API does (http-api.ts). On a signal and on a reload, running
 * requests finish first and new ones wait: it would end its workers at once, and their callers would wait for the
 * function's timeout. And it works on a limited number of requests at once.
 */
export class OfflineServer {
  readonly #plugin: OfflinePlugin | undefined;
  readonly #end: (() => Promise<void>) | undefined;
  readonly #cors: Cors | undefined;
  #http: HttpServer | undefined;
  readonly #gate = new Gate(REQUESTS_PER_PROCESSOR * availableParallelism());
  readonly #running = new Set<HttpRequest>();

  /** @param onEnd called instead of serverless-offline's own end, which exits the process */
  constructor(serverless: Pick<Serverless, 'pluginManager' | 'service'>, onEnd: () => Promise<void>) {
    this.#cors = takeCors(serverless);
    this.#plugin = serverless.pluginManager.plugins.find(
      (plugin): plugin is OfflinePlugin => plugin.constructor.name === 'ServerlessOffline',
    );
    if (!this.#plugin) return;
    const end = this.#plugin.end.bind(this.#plugin);
    this.#end = () => end(true);
    this.#plugin.end = onEnd;
  }

  /**
   * To be called when the HTTP server listens.
   * @param onChange called whenever a request was answered that may have changed something
   */
  watchRequests(onChange: () => void): void {
    this.#http = this.#plugin?.internals().getApiGatewayServer();
    if (this.#http) answerAsHttpApi(this.#http, this.#cors);
    this.#http?.ext('onRequest', async (request, toolkit) => {
      await this.#gate.enter();
      // Its caller may have gone meanwhile; such a request was answered while it waited.
      if (request.active()) this.#running.add(request);
      else this.#gate.leave();
      return toolkit.continue;
    });
    this.#http?.events.on('response', (request) => {
      if (this.#running.delete(request)) this.#gate.leave();
      if (!SAFE_METHODS.has(request.method)) onChange();
    });
  }

  /** Holds new requests back, and waits for the running ones for some seconds. */
  async pause(): Promise<void> {
    this.#gate.close();
    await this.#gate.empty(RELOAD_MS);
  }

  resume(): void {
    this.#gate.open();
  }

  /** Takes no more requests, and waits for the running ones for some seconds. */
  async finishRequests(): Promise<void> {
    this.resume();
    await this.#http?.stop({ timeout: FINISH_MS });
  }

  /** Ends the workers and the servers. */
  async end(): Promise<void> {
    await this.#end?.();
  }
}

import { Gate } from './gate.ts';
import type { HttpServer, OfflinePlugin, Serverless } from './serverless.ts';

const FINISH_MS = 3_000;
const RELOAD_MS = 10_000;

/**
 * serverless-offline, with two habits changed: on a signal and on a reload it ends its workers at
 * once, and whoever waits for them waits until the function's timeout. Here running requests finish
 * first, and new ones wait.
 */
export class OfflineServer {
  readonly #plugin: OfflinePlugin | undefined;
  readonly #end: (() => Promise<void>) | undefined;
  #http: HttpServer | undefined;
  readonly #gate = new Gate();

  /** @param onEnd called instead of serverless-offline's own end, which exits the process */
  constructor({ pluginManager }: Serverless, onEnd: () => Promise<void>) {
    this.#plugin = pluginManager.plugins.find(
      (plugin): plugin is OfflinePlugin => plugin.constructor.name === 'ServerlessOffline',
    );
    if (!this.#plugin) return;
    const end = this.#plugin.end.bind(this.#plugin);
    this.#end = () => end(true);
    this.#plugin.end = onEnd;
  }

  /**
   * To be called when the HTTP server listens.
   * @param onResponse called whenever a request was answered
   */
  watchRequests(onResponse: () => void): void {
    this.#http = this.#plugin?.internals().getApiGatewayServer();
    this.#http?.ext('onRequest', async (_request, toolkit) => {
      await this.#gate.enter();
      return toolkit.continue;
    });
    this.#http?.events.on('response', () => {
      this.#gate.leave();
      onResponse();
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

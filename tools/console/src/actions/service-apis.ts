import { type OrderlyApis, orderlyClient } from '@orderly/client';
import { tokenSource } from '@orderly/local/issuer';
import { notHere } from '../http/problem.ts';
import type { LocalPlatform } from '../platform.ts';

/** Whom the console's tokens are for. */
export const CALLER = 'console';

const SCOPES =
  'orders:read orders:write orders:admin inventory:read inventory:write notifications:read webhooks:read webhooks:write';

/** The services' APIs as the console calls them: with a token where they need one. */
export class ServiceApis {
  readonly #local: LocalPlatform;
  readonly #token: (() => Promise<string>) | undefined;

  constructor(local: LocalPlatform) {
    this.#local = local;
    this.#token =
      local.issuer === undefined ? undefined : tokenSource(local.issuer, { sub: CALLER, scope: SCOPES });
  }

  async token(): Promise<string | undefined> {
    return this.#token?.();
  }

  /** @throws Refusal when none of the services runs, or not the one that is needed */
  client(needed?: string): OrderlyApis {
    const running = this.#local.services().filter(({ url }) => url !== undefined);
    if (running.length === 0) throw notHere('No service is running.');
    if (needed !== undefined && !running.some(({ name }) => name === needed)) {
      throw notHere(`The service ${needed} is not running.`);
    }
    const urls = Object.fromEntries(running.map(({ name, url }) => [name, url ?? '']));
    return orderlyClient({ urls, token: this.#token, retryForMs: 3_000, timeoutMs: 15_000 });
  }
}

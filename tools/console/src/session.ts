import { createClients, destroyClients } from '@orderly/cli/clients';
import type { Session } from '@orderly/cli/session';
import type { Platform } from './platform.ts';

/** Work of the CLI's functions, without a terminal: results are returned, notes are kept. */
export interface ConsoleSession extends Session {
  readonly notes: readonly string[];
}

/** Makes sessions over one set of clients. */
export class Sessions {
  readonly #platform: Platform;
  readonly #clients;
  readonly #stop = new AbortController();

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#clients = createClients(platform.target);
  }

  new(): ConsoleSession {
    const notes: string[] = [];
    return {
      stage: this.#platform.stage,
      dryRun: false,
      target: this.#platform.target,
      clients: this.#clients,
      signal: this.#stop.signal,
      result: () => undefined,
      note: (line) => notes.push(line),
      progress: () => ({ update: () => undefined, stop: () => undefined }),
      notes,
    };
  }

  close(): void {
    this.#stop.abort(new Error('The console stops'));
    destroyClients(this.#clients);
  }
}

import type { Invocation, Invoke } from '../../aws/event-sources/invocation.ts';
import { Gate } from './gate.ts';
import type { OfflineLambda } from './serverless.ts';

const FINISH_MS = 4_000;
const RELOAD_MS = 10_000;

const STOPPED: Invocation = { outcome: 'stopped' };

/**
 * The functions of a service, run in serverless-offline's workers from inside its process, as its Lambda API runs them:
 * without that API's HTTP and JSON.
 */
export class LocalFunctions {
  readonly #lambda: OfflineLambda;
  readonly #onEnd: () => void;
  readonly #gate = new Gate();
  readonly #abandon = new Set<() => void>();
  #stopped = false;

  /** @param onEnd called whenever a function has ended */
  constructor(lambda: OfflineLambda, onEnd: () => void) {
    this.#lambda = lambda;
    this.#onEnd = onEnd;
  }

  readonly invoke: Invoke = async (functionName, event) => {
    await this.#gate.enter();
    try {
      return this.#stopped ? STOPPED : await this.#unlessAbandoned(this.#run(functionName, event));
    } finally {
      this.#gate.leave();
      this.#onEnd();
    }
  };

  /**
   * Holds new invocations back and waits some seconds for the running ones: serverless-offline replaces its workers on a
   * reload, and would leave a running invocation unanswered.
   */
  async pause(): Promise<void> {
    this.#gate.close();
    await this.#gate.empty(RELOAD_MS);
  }

  resume(): void {
    this.#gate.open();
  }

  /** No function is started any more; waits for the running ones, and then answers `stopped` to their callers. */
  async stop(limitMs = FINISH_MS): Promise<void> {
    this.#stopped = true;
    this.resume();
    await this.#gate.empty(limitMs);
    for (const abandon of [...this.#abandon]) abandon();
  }

  #unlessAbandoned(run: Promise<Invocation>): Promise<Invocation> {
    return new Promise((done) => {
      const abandon = (): void => done(STOPPED);
      this.#abandon.add(abandon);
      void run.then((invocation) => {
        this.#abandon.delete(abandon);
        done(invocation);
      });
    });
  }

  async #run(functionName: string, event: unknown): Promise<Invocation> {
    // Asked for a name that it does not know, it makes a function of nothing.
    if (!this.#lambda.listFunctionNames().includes(functionName)) {
      return { outcome: 'error', message: `Function not found: ${functionName}` };
    }
    try {
      const worker = this.#lambda.getByFunctionName(functionName);
      worker.setClientContext(undefined);
      worker.setEvent(event);
      return { outcome: 'answer', payload: await worker.runHandler() };
    } catch (error) {
      return { outcome: 'error', message: error instanceof Error ? error.message : String(error) };
    }
  }
}

import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Gate } from '../gate.ts';

/** What came of one invocation. `stopped`: the platform is stopping, the function was not run. */
export type Invocation =
  | { readonly kind: 'answer'; readonly payload: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'stopped' };

export type Invoke = (functionName: string, event: unknown) => Promise<Invocation>;

interface HttpAnswer {
  readonly status: number;
  readonly functionError: boolean;
  readonly body: string;
}

const RETRY_MS = 100;

const post = (url: string, body: string, agent: Agent): Promise<HttpAnswer> =>
  new Promise((done, fail) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', fail);
      response.once('end', () =>
        done({
          status: response.statusCode ?? 0,
          functionError: response.headers['x-amz-function-error'] !== undefined,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    call.once('error', fail);
    call.end(body);
  });

const parseJson = (text: string): unknown => {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const errorMessage = (payload: unknown, status: number): string => {
  const { errorMessage: own, Message, message } = Object(payload) as Record<string, unknown>;
  return String(own ?? Message ?? message ?? `the Lambda API answered ${status}`);
};

const readAnswer = ({ status, functionError, body }: HttpAnswer): Invocation => {
  const payload = parseJson(body);
  const failed = functionError || status >= 300;
  return failed ? { kind: 'error', message: errorMessage(payload, status) } : { kind: 'answer', payload };
};

/**
 * Invokes functions through serverless-offline's Lambda API. While that does not answer at all the
 * call waits, so that a restart of the API costs no message a retry.
 */
export class LambdaApi {
  readonly #endpoint: string;
  readonly #agent = new Agent({ keepAlive: true, noDelay: true });
  readonly #gate = new Gate();
  readonly #onEnd: () => void;
  #stopped = false;

  /**
   * @param endpoint e.g. `http://127.0.0.1:3101`
   * @param onEnd called whenever a function has ended
   */
  constructor(endpoint: string, onEnd: () => void) {
    this.#endpoint = endpoint;
    this.#onEnd = onEnd;
  }

  /** Runs a function once and waits for its answer. Never rejects. */
  readonly invoke: Invoke = async (functionName, event) => {
    const body = JSON.stringify(event);
    const url = `${this.#endpoint}/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
    while (!this.#stopped) {
      const answer = await this.#post(url, body);
      if (answer) return readAnswer(answer);
      if (!this.#stopped) await delay(RETRY_MS);
    }
    return { kind: 'stopped' };
  };

  /**
   * Holds new invocations back and waits for the running ones: serverless-offline replaces its
   * workers on a reload, and would leave a running invocation unanswered.
   * @param limitMs how long to wait for them
   */
  async pause(limitMs: number): Promise<void> {
    this.#gate.close();
    await this.#gate.empty(limitMs);
  }

  resume(): void {
    this.#gate.open();
  }

  /** No function is started any more; waits for the running ones, at most `limitMs`. */
  async stop(limitMs: number): Promise<void> {
    this.#stopped = true;
    this.resume();
    await this.#gate.empty(limitMs);
    this.#agent.destroy();
  }

  /** Undefined when the API does not answer, or when this is stopped. */
  async #post(url: string, body: string): Promise<HttpAnswer | undefined> {
    await this.#gate.enter();
    try {
      return this.#stopped ? undefined : await post(url, body, this.#agent);
    } catch {
      return undefined;
    } finally {
      this.#gate.leave();
      this.#onEnd();
    }
  }
}

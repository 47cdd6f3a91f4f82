import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { type FunctionApp, type HttpAnswer, log, type TypedData } from './functions-core.ts';
import type { InvocationReport } from './messages.ts';

/**
 * Runs a function.
 * @param trigger the name of its trigger's binding
 * @returns what an HTTP function answered; undefined when it returned nothing
 * @throws what it throws
 */
export type Invoke = (
  name: string,
  trigger: string,
  data: TypedData,
  metadata?: Readonly<Record<string, TypedData>>,
) => Promise<HttpAnswer | undefined>;

/** As the worker decides whether a function has failed. */
const isError = (error: unknown): boolean =>
  typeof Object(error).message === 'string' && typeof Object(error).stack === 'string';

/** What an invocation fails with that takes too long. */
const timeoutError = (name: string, ms: number): Error =>
  new Error(`Timeout value of ${ms / 1_000} s was exceeded by function: ${name}`);

/**
 * Runs functions as Azure's Node.js worker does. Where one takes too long, Azure's host starts the worker again; here the
 * invocation fails, and what it does goes on unheeded.
 * Source: InvocationHandler.ts in https://github.com/Azure/azure-functions-nodejs-worker
 */
export class Invoker {
  readonly #app: FunctionApp;
  readonly #report: (report: InvocationReport) => void;

  readonly #timeoutMs: number | undefined;

  /** @param timeoutMs what an invocation may take, in milliseconds */
  constructor(app: FunctionApp, report: (report: InvocationReport) => void, timeoutMs?: number) {
    this.#app = app;
    this.#report = report;
    this.#timeoutMs = timeoutMs;
  }

  readonly invoke: Invoke = async (name, trigger, data, triggerMetadata = {}) => {
    const invocationId = randomUUID();
    const startedAt = Date.now();
    const start = performance.now();
    let error: string | undefined;
    try {
      return await this.#inTime(name, this.#run({ invocationId, name, trigger, data, triggerMetadata }));
    } catch (thrown) {
      error = thrown instanceof Error ? thrown.stack : String(thrown);
      throw thrown;
    } finally {
      const durationMs = performance.now() - start;
      this.#report({
        type: 'invocation',
        name,
        invocationId,
        startedAt,
        durationMs,
        ...(error !== undefined && { error }),
      });
    }
  };

  async #inTime<T>(name: string, work: Promise<T>): Promise<T> {
    const ms = this.#timeoutMs;
    if (ms === undefined) return work;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(timeoutError(name, ms)), ms);
    });
    try {
      return await Promise.race([work, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #run(invocation: {
    readonly invocationId: string;
    readonly name: string;
    readonly trigger: string;
    readonly data: TypedData;
    readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  }): Promise<HttpAnswer | undefined> {
    const { invocationId, name, trigger, data, triggerMetadata } = invocation;
    const registered = this.#app.functions.get(name);
    if (registered === undefined) throw new Error(`There is no function ${name}.`);
    const { metadata, callback } = registered;
    const model = this.#app.model.getInvocationModel({
      invocationId,
      metadata,
      state: undefined,
      request: {
        invocationId,
        functionId: name,
        inputData: [{ name: trigger, data }],
        triggerMetadata,
        traceContext: {},
      },
      log,
    });
    const { context, inputs } = await model.getArguments();
    let result: unknown;
    try {
      result = await model.invokeFunction(context, inputs, callback);
    } catch (error) {
      if (isError(error)) throw error;
    }
    const { returnValue } = await model.getResponse(context, result);
    return returnValue?.http;
  }
}

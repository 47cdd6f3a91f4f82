import { setTimeout as delay } from 'node:timers/promises';
import type { OfflineFunction } from './serverless.ts';
import type { FunctionFault, InvocationReport } from './service-messages.ts';

/** Watches the runs of a service's functions, whoever causes them, and lets faults meet them that were switched on. */
export class FunctionWatch {
  readonly #report: (report: InvocationReport) => void;
  readonly #watched = new WeakSet<OfflineFunction>();
  #faults: ReadonlyMap<string, FunctionFault> = new Map();

  constructor(report: (report: InvocationReport) => void) {
    this.#report = report;
  }

  setFaults(faults: readonly FunctionFault[]): void {
    this.#faults = new Map(faults.map((fault) => [fault.functionName, fault]));
  }

  /** @returns the worker, which reports its runs from now on */
  watch(worker: OfflineFunction): OfflineFunction {
    if (this.#watched.has(worker)) return worker;
    this.#watched.add(worker);
    const { functionName } = worker;
    const run = worker.runHandler.bind(worker);
    const hold = holdable(worker);
    let coldStart = true;
    worker.runHandler = async () => {
      const fault = this.#faults.get(functionName);
      const report = { functionName, at: Date.now(), coldStart, faulted: fault !== undefined };
      const began = performance.now();
      coldStart = false;
      let outcome: InvocationReport['outcome'] = 'error';
      try {
        if (fault?.delayMs !== undefined) await hold(fault.delayMs);
        if (fault?.fail) throw new Error(`${functionName} fails because a fault is switched on.`);
        const result = await run();
        outcome = 'ok';
        return result;
      } finally {
        this.#report({ type: 'invocation', ...report, duration: performance.now() - began, outcome });
      }
    };
    return worker;
  }
}

/** @returns waits, while serverless-offline takes the worker for busy and gives it to nobody else */
const holdable = (worker: OfflineFunction): ((ms: number) => Promise<void>) => {
  const own: unknown = Object.getPrototypeOf(worker);
  let held = false;
  Object.defineProperty(worker, 'status', {
    get: () => (held ? 'BUSY' : Reflect.get(Object(own), 'status', worker)),
  });
  return async (ms) => {
    held = true;
    await delay(ms);
    held = false;
  };
};

import { AsyncLocalStorage } from 'node:async_hooks';
import { flushMetrics } from '../observability/metrics.ts';
import { publishTouched } from '../postgres/publish.ts';

interface Invocation {
  readonly functionName: string;
  readonly requestId: string;
}

/** A container handles several invocations at once. */
const current = new AsyncLocalStorage<Invocation>();

/** As log keys. */
export function invocationKeys(): Readonly<Record<string, unknown>> {
  const invocation = current.getStore();
  if (invocation === undefined) return {};
  return { function_name: invocation.functionName, function_request_id: invocation.requestId };
}

/** As attributes of spans. */
export function invocationAttributes(): Readonly<Record<string, string>> {
  const invocation = current.getStore();
  if (invocation === undefined) return {};
  return { 'faas.name': invocation.functionName, 'faas.invocation_id': invocation.requestId };
}

/** Runs an invocation. At its end the events that it has committed are published, and its metrics are written. */
export function inInvocation<T>(invocation: Invocation, work: () => Promise<T>): Promise<T> {
  return current.run(invocation, async () => {
    try {
      return await work();
    } finally {
      await publishTouched();
      flushMetrics();
    }
  });
}

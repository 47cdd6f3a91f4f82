import { AsyncLocalStorage } from 'node:async_hooks';

interface Invocation {
  readonly functionName: string;
  readonly requestId: string;
}

/** A container handles several invocations at once. */
const current = new AsyncLocalStorage<Invocation>();

/** Runs `work`, and whatever it awaits, in an invocation. */
export const inInvocation = <T>(invocation: Invocation, work: () => T): T => current.run(invocation, work);

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

import { AsyncLocalStorage } from 'node:async_hooks';

/** What is being done on whose behalf: carried into every event and log line that comes of it. */
export interface Flow {
  /** The same for everything that one request set off. */
  readonly correlationId: string;
  /** The request or event that is being handled. */
  readonly causationId: string;
  /** W3C Trace Context. */
  readonly traceparent?: string;
}

const storage = new AsyncLocalStorage<Flow>();

/** Runs `work` as part of `flow`; whatever it awaits is part of it too. */
export function inFlow<T>(flow: Flow, work: () => T): T {
  return storage.run(flow, work);
}

/** The flow this code runs in. @throws Error outside of `http` and `consume` */
export function currentFlow(): Flow {
  const flow = storage.getStore();
  if (flow === undefined) throw new Error('No flow: events are only written inside of http() or consume()');
  return flow;
}

/** The current flow as log keys; nothing outside of a flow. */
export function flowKeys(): Record<string, string> {
  const flow = storage.getStore();
  return flow === undefined
    ? {}
    : { correlation_id: flow.correlationId, causation_id: flow.causationId, ...traceKey(flow) };
}

function traceKey({ traceparent }: Flow): Record<string, string> {
  return traceparent === undefined ? {} : { traceparent };
}

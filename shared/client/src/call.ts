/** What every operation takes besides its request. */
export interface CallOptions {
  /** Ends the call and its waits: it then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Sent as `x-correlation-id`: in the log, and in every event that the request causes. */
  readonly correlationId?: string | undefined;
  /** W3C Trace Context: the log and every event that the request causes belong to this trace. */
  readonly traceparent?: string | undefined;
}

/** A request of one operation, without the address of its service. */
export interface Call {
  readonly method: string;
  /** With its parameters filled in and percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** There, with or without a value, where the operation takes a key; the others are idempotent by themselves. */
  readonly idempotencyKey?: string | undefined;
}

/** Sends a call to one service and answers the body of its success. */
export type Send = <Answer>(call: Call, options?: CallOptions) => Promise<Answer>;

/** What a host is started with, as JSON in its first argument. */
export interface HostSettings {
  /** The function app's program: a CommonJS file that registers its functions with `@azure/functions`. Absolute. */
  readonly bundle: string;
  /** The package.json beside whose node_modules `@azure/functions` and `@azure/service-bus` are. Absolute. */
  readonly packages: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly hostJson: unknown;
}

/** A function with what invokes it, for people, e.g. `GET orders/{orderId}`. */
export interface FunctionDescription {
  readonly name: string;
  readonly trigger: string;
}

export interface Ready {
  readonly type: 'ready';
  readonly port: number;
  readonly functions: readonly FunctionDescription[];
}

/** A function has run. */
export interface InvocationReport {
  readonly type: 'invocation';
  readonly name: string;
  readonly invocationId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** The stack of what it has thrown; undefined when it succeeded. */
  readonly error?: string;
}

export type FromHost = Ready | InvocationReport;

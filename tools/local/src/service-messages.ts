/** The messages between `npm start` and a service. */

/** A function as its serverless.yml declares it. */
export interface DeclaredFunction {
  readonly name: string;
  /** What it reacts to, e.g. `POST /orders` or `order-events`. */
  readonly trigger: string;
  readonly memoryMb?: number;
  readonly timeoutSeconds?: number;
}

/** From the service, when it is up. */
export interface ServiceReady {
  readonly type: 'ready';
  readonly stage: string;
  readonly region: string;
  readonly url: string;
  readonly lambdaUrl: string;
  readonly functions: readonly DeclaredFunction[];
}

/** To the service, once DynamoDB and SQS answer. */
export const emulatorsAreUp = { type: 'emulators-are-up' } as const;

/** From the service while it starts: a step that is done. */
export interface ServiceStep {
  readonly type: 'step';
  readonly step: string;
}

/** From the service: a function has run. */
export interface InvocationReport {
  readonly type: 'invocation';
  readonly functionName: string;
  /** When it began, in milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly outcome: 'ok' | 'error';
  /** Whether it was the first run of its worker. */
  readonly coldStart: boolean;
  /** Whether a fault that was switched on met it. */
  readonly faulted: boolean;
}

/** What a function meets while a fault is switched on. */
export interface FunctionFault {
  readonly functionName: string;
  /** Milliseconds before each invocation. */
  readonly delayMs?: number;
  /** Whether invocations fail instead of running. */
  readonly fail?: boolean;
}

/** To the service: the faults of functions from now on, of all services. */
export interface FunctionFaults {
  readonly type: 'function-faults';
  readonly faults: readonly FunctionFault[];
}

/** From a service to `npm start`. */
export type FromService = ServiceReady | ServiceStep | InvocationReport;

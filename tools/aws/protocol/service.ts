import type { AwsError } from './error.ts';

/** A JSON object as a service takes or gives it. Binary values are base64, times are seconds since the epoch. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Who calls, as far as a service wants to know. */
export interface Caller {
  /** Aborted when the caller has gone: what waits for it (a long poll) ends, and takes nothing. */
  readonly signal: AbortSignal;
  /**
   * Aborted when the answer could not be handed over, because the connection broke: a receive is undone. Callers in
   * the same process do without.
   */
  readonly undelivered?: AbortSignal;
  /** The address that the caller used, e.g. `http://127.0.0.1:9324`: queue URLs begin with it. */
  readonly origin: string;
}

/** How an error is written on the wire. */
export interface ErrorAnswer {
  readonly body: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One service of AWS, without a network: the HTTP server, tools and simulations call it alike. */
export interface AwsService {
  /** What stands before the dot in `X-Amz-Target`, e.g. `DynamoDB_20120810`. */
  readonly targets: readonly string[];
  /**
   * Does one operation of the service's API.
   * @param target the member of `targets` that was called
   * @param operation e.g. `PutItem`
   * @throws AwsError as AWS answers it; for an operation or a parameter that is not implemented, one that names it
   */
  call(target: string, operation: string, input: JsonObject, caller: Caller): Promise<JsonObject>;
  describeError(error: AwsError): ErrorAnswer;
}

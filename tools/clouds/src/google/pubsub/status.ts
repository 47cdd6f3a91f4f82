/**
 * Google's canonical codes, with their numbers in gRPC and their HTTP statuses.
 * Source: https://cloud.google.com/pubsub/docs/reference/error-codes
 */
const CODES = {
  INVALID_ARGUMENT: { grpc: 3, http: 400 },
  NOT_FOUND: { grpc: 5, http: 404 },
  ALREADY_EXISTS: { grpc: 6, http: 409 },
  FAILED_PRECONDITION: { grpc: 9, http: 400 },
  UNIMPLEMENTED: { grpc: 12, http: 501 },
  INTERNAL: { grpc: 13, http: 500 },
  UNAVAILABLE: { grpc: 14, http: 503 },
} as const;

export type StatusName = keyof typeof CODES;

/** An error that Pub/Sub answers with. */
export class PubSubError extends Error {
  readonly status: StatusName;

  constructor(status: StatusName, message: string) {
    super(message);
    this.name = 'PubSubError';
    this.status = status;
  }

  get grpcCode(): number {
    return CODES[this.status].grpc;
  }

  get httpStatus(): number {
    return CODES[this.status].http;
  }
}

export const invalidArgument = (message: string): PubSubError => new PubSubError('INVALID_ARGUMENT', message);

/** @param name full, e.g. `projects/p/topics/t`; Google names the last part only */
export const notFound = (name: string): PubSubError =>
  new PubSubError('NOT_FOUND', `Resource not found (resource=${name.split('/').at(-1)}).`);

export const alreadyExists = (name: string): PubSubError =>
  new PubSubError(
    'ALREADY_EXISTS',
    `Resource already exists in the project (resource=${name.split('/').at(-1)}).`,
  );

export const notImplemented = (what: string): PubSubError =>
  new PubSubError('UNIMPLEMENTED', `The stand-in for Pub/Sub does not implement ${what}.`);

/** Anything else is a mistake of ours: it goes to the error output. */
export const asPubSubError = (error: unknown): PubSubError => {
  if (error instanceof PubSubError) return error;
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return new PubSubError('INTERNAL', 'The stand-in for Pub/Sub failed; its output says why.');
};

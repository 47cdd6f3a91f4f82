/** A failure in a sentence for people: what happened, which input, what to do next. Exit code 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** A wrong command line; the message names the option. Exit code 2. */
export class UsageFailure extends Error {
  override readonly name = 'UsageFailure';
}

/** An error in one line. An error that is not ours gets its name, since AWS's messages say little without it. */
export function describeError(error: unknown): string {
  if (error instanceof Failure || error instanceof UsageFailure) return error.message;
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  const name = 'name' in error && error.name !== 'Error' ? `${error.name}: ` : '';
  // A refused connection to a host with two addresses has an empty message of its own.
  const message = String(error.message) || ('code' in error ? String(error.code) : 'unknown error');
  return `${name}${message}`.replace(/\s*\n\s*/g, ' ');
}

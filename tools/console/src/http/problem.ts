/** An answer that is a refusal, with a title and a detail for people (RFC 9457). */
export class Refusal extends Error {
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

export const notFound = (detail: string): Refusal => new Refusal(404, 'Not found', detail);
export const badRequest = (detail: string): Refusal => new Refusal(400, 'Bad request', detail);
export const notHere = (detail: string): Refusal => new Refusal(409, 'Not possible here', detail);

interface Shape {
  readonly name?: unknown;
  readonly status?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly errors?: unknown;
}

/** Turns any error into a refusal. Errors that say nothing to people keep their details on stderr. */
export const toRefusal = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error;
  const { name, status, title, detail, errors }: Shape = Object(error);
  const message = error instanceof Error ? error.message : String(error);
  if (name === 'ProblemError' && typeof status === 'number') {
    const why = describeErrors(errors) || String(detail ?? message);
    return new Refusal(status, typeof title === 'string' ? title : 'Refused', why);
  }
  if (name === 'NoAnswerError') return new Refusal(503, 'The service does not answer', message);
  if (name === 'Failure' || name === 'UsageFailure') return new Refusal(422, 'It did not work', message);
  process.stderr.write(`console: ${error instanceof Error ? error.stack : message}\n`);
  return new Refusal(500, 'The console failed', `${message}. The terminal has the whole error.`);
};

/** What is wrong with each part of a request; '' where a problem says nothing of the kind. */
const describeErrors = (errors: unknown): string =>
  (Array.isArray(errors) ? errors : [])
    .map(
      ({ path, message }: { readonly path?: unknown; readonly message?: unknown }) => `${path}: ${message}`,
    )
    .join('; ');

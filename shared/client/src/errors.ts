import type { Issue, Problem, ProblemType } from './apis.ts';

/** The API refused a request: problem details (RFC 9457). Repeating it as it is changes nothing, unless it is 429 or 5xx. */
export class ProblemError extends Error implements Omit<Problem, 'type' | 'requestId'> {
  override readonly name = 'ProblemError';
  /** Stable, for programs; `about:blank` for what API Gateway or a proxy answered by itself. */
  readonly type: ProblemType | 'about:blank';
  readonly title: string;
  readonly status: number;
  /** For people. */
  readonly detail: string;
  /** What is wrong with the request, each `path` a JSON Pointer (RFC 6901) into it; empty where it is no such problem. */
  readonly errors: readonly Issue[];
  /** The request's id in the platform's log, where the platform answered. */
  readonly requestId: string | undefined;

  /**
   * @param request names the request in the message, e.g. `POST https://orders.example.com/orders`
   * @param problem what the body of the answer says, whole or in part
   */
  constructor(request: string, status: number, problem: Partial<Problem>) {
    const {
      title = `HTTP ${status}`,
      detail = title,
      errors = [],
      requestId,
      type = 'about:blank',
    } = problem;
    const wrong = errors.map(({ path, message }) => `${path}: ${message}`);
    super(`${request} was refused with ${status}: ${[detail, ...wrong].join('; ')}`);
    this.type = type as ProblemType;
    this.title = title;
    this.status = status;
    this.detail = detail;
    this.errors = errors;
    this.requestId = requestId;
  }
}

/** No usable answer came: the network failed, or the time limit passed. `cause` says why. What a write did is unknown. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

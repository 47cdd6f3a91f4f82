/** A request as each cloud's edge hands it over. */
export interface EdgeRequest {
  readonly method: string;
  /** As serverless.yml spells it, e.g. `POST /orders/{orderId}/cancel`; `undefined` where no route matches. */
  readonly route: string | undefined;
  /** The path of the URL, e.g. `/orders/1`. */
  readonly path: string;
  readonly pathParameters: Parameters | undefined;
  readonly query: Parameters | undefined;
  /** By names in lower case. */
  readonly headers: Parameters;
  /** The bytes as the caller sent them; none where there is no body. */
  body(): Buffer;
  /** Of the token that was verified; `undefined` without one. */
  readonly claims: unknown;
}

type Parameters = Readonly<Record<string, string | undefined>>;

export interface EdgeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Answers a request; never throws.
 *
 * @param requestId the invocation's, as the log has it
 */
export type Answer = (request: EdgeRequest, requestId: string) => Promise<EdgeAnswer>;

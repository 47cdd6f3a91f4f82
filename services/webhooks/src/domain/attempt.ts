/** What came of one request to an endpoint. */
export type Attempt = { readonly durationMs: number } & (
  | {
      readonly outcome: 'answered';
      readonly status: number;
      /** The first kilobyte, read as UTF-8: at most 1,024 characters. Empty if it is compressed. */
      readonly answer: string;
      /** What the answer's Retry-After asks for: at most an hour. */
      readonly retryAfterSeconds?: number;
    }
  | {
      readonly outcome: 'unanswered';
      /** For the endpoint's owner. */
      readonly reason: string;
    }
);

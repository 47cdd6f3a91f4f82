/** What came of one request to an endpoint. */
export type Attempt =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      /** The first kilobyte of the answer, as text. */
      readonly answer: string;
      readonly durationMs: number;
      /** What the answer's Retry-After asks for. */
      readonly retryAfterSeconds?: number;
    }
  | {
      readonly outcome: 'unanswered';
      /** In words for the endpoint's owner. */
      readonly reason: string;
      readonly durationMs: number;
    };

/** A request as the SDK gives it to its HTTP handler. */
export interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What a service has answered, before it has travelled. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What a request carries. Of the bytes, not of what their class makes of itself: the SDK warns whoever takes its bodies for strings. */
export const textOf = ({ body = '' }: SdkRequest): string =>
  typeof body === 'string'
    ? body
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');

/** A token of the function's identity. */
export interface IdentityToken {
  readonly token: string;
  /** In milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** So long before its end a token is replaced, in milliseconds. */
const marginMs = 5 * 60_000;

/** Fetches a token, and again shortly before it expires; one call at a time. */
export function cachedToken(fetchToken: () => Promise<IdentityToken>): () => Promise<string> {
  let current: Promise<IdentityToken> | undefined;
  return async () => {
    const cached = await current?.catch(() => undefined);
    if (cached !== undefined && cached.expiresAt - marginMs > Date.now()) return cached.token;
    current = fetchToken();
    return (await current).token;
  };
}

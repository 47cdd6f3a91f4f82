/** A token of the function's identity. */
export interface IdentityToken {
  readonly token: string;
  /** In milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * So long before its end a token is renewed, in milliseconds. Google's metadata server has no new one earlier than four
 * minutes before it: https://cloud.google.com/compute/docs/access/authenticate-workloads#applications
 */
const marginMs = 3 * 60_000;

/** Fetches a token, and again shortly before it expires; one call at a time. While none can be had, the old one is used. */
export function cachedToken(fetchToken: () => Promise<IdentityToken>): () => Promise<string> {
  let current: IdentityToken = { token: '', expiresAt: 0 };
  let renewal: Promise<void> | undefined;

  async function renew(): Promise<void> {
    try {
      current = await fetchToken();
    } catch (error) {
      if (current.expiresAt <= Date.now()) throw error;
    } finally {
      renewal = undefined;
    }
  }

  return async () => {
    if (current.expiresAt - marginMs <= Date.now()) {
      renewal ??= renew();
      await renewal;
    }
    return current.token;
  };
}

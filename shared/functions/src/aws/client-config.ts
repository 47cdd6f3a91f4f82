const maxAttempts = 3;
const requestTimeout = 1_500;

/**
 * The configuration of every AWS client: one client per container, with a time limit on each call, so that no function
 * hangs on a dead dependency until its own timeout.
 */
export const clientConfig = {
  maxAttempts,
  // Also where AWS_RETRY_MODE says "adaptive", which bundles leave out.
  retryMode: 'standard',
  // Longer than a connection takes, because the SDK counts the wait for one of its 50 sockets as connecting.
  requestHandler: { connectionTimeout: 1_000, requestTimeout, throwOnRequestTimeout: true },
};

/** The longest that a call takes, in milliseconds: its attempts, with pauses of the SDK of up to 100 and 200 ms. */
export const longestCallMs = maxAttempts * requestTimeout + 300;

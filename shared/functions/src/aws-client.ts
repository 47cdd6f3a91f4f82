const maxAttempts = 3;
const requestTimeout = 1_500;

/**
 * The configuration of every AWS client: one client per container, with a time limit on each call, so that no function
 * hangs on a dead dependency until its own timeout.
 */
export const clientConfig = {
  maxAttempts,
  // Longer than a connection takes, because the SDK counts the wait for one of its 50 sockets as connecting.
  requestHandler: { connectionTimeout: 1_000, requestTimeout, throwOnRequestTimeout: true },
};

/** The longest that a call takes, in milliseconds: its attempts, with pauses of the SDK of up to 100 and 200 ms. */
export const longestCallMs = maxAttempts * requestTimeout + 300;

/** How long an HTTP request waits for all of its calls of AWS, in milliseconds. Then it is answered with 503. */
export const longestRequestMs = 2_500;

/** An object, so that a test on a busy machine can allow more time. */
export const requestLimit = { ms: longestRequestMs };

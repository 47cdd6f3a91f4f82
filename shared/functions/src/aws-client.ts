const maxAttempts = 3;
const requestTimeout = 1_500;

/**
 * How every AWS client of a function is set up: one per container, connections kept alive (the SDK's default),
 * and a time limit on each call, so that no function hangs on a dead dependency until its own limit.
 *
 * In Lambda, credentials and region come from the environment, so nothing else is ever looked for.
 */
export const clientConfig = {
  maxAttempts,
  // The SDK counts the wait for one of its 50 sockets as connecting, so this is longer than a connection takes.
  requestHandler: { connectionTimeout: 1_000, requestTimeout, throwOnRequestTimeout: true },
};

/** What a call takes at most, in milliseconds: its attempts, and the SDK's pauses of up to 100 and 200 ms between. */
export const longestCallMs = maxAttempts * requestTimeout + 300;

/** How long a caller's request may wait for AWS, all calls together; then they are ended, and it is answered 503. */
export const longestRequestMs = 2_500;

/** An object, so that a test on a busy machine can give emulators more time. */
export const requestLimit = { ms: longestRequestMs };

/**
 * How every AWS client of a function is set up: one per container, connections kept alive (the SDK's default),
 * and a time limit on each call, so that no function hangs on a dead dependency until its own limit.
 *
 * In Lambda, credentials and region come from the environment, so nothing else is ever looked for.
 */
export const clientConfig = {
  maxAttempts: 3,
  // The SDK counts the wait for one of its 50 sockets as connecting, so this is longer than a connection takes.
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
};

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

/**
 * The configuration of a client that sends to SQS. SQS verifies the SHA-256 of each request, which is signed, so comparing
 * the MD5 of each message with that in its answer finds nothing more and costs a tenth of the time for sending it.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const sqsConfig = { ...clientConfig, md5: false } as const;

/** The longest that a call takes, in milliseconds: its attempts, with pauses of the SDK of up to 100 and 200 ms. */
export const longestCallMs = maxAttempts * requestTimeout + 300;

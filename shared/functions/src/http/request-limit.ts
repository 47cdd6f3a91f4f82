/** How long an HTTP request waits for all of its calls of the cloud, in milliseconds. Then it is answered with 503. */
export const longestRequestMs = 2_500;

/** An object, so that a test on a busy machine can allow more time. */
export const requestLimit = { ms: longestRequestMs };

/**
 * The codes of Node.js's errors where a connection could not be made, or was lost.
 * Sources: https://nodejs.org/api/errors.html#common-system-errors, https://nodejs.org/api/dns.html#error-codes
 */
export const connectionErrors: readonly string[] = [
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
];

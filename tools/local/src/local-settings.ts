const {
  ORDERLY_SMTP_URL: smtpUrl,
  ORDERLY_TRACE_SPANS: traceSpans = 'true',
  ORDERLY_WEBHOOK_RETRY_SECONDS: retrySeconds,
} = process.env;

/** Settings of functions that no template has. */
export const localSettings: Readonly<Record<string, string>> = {
  // A publisher finds a new subscriber within a second instead of a minute.
  SUBSCRIPTIONS_TTL_SECONDS: '1',
  // On AWS it is off by default, since log lines cost there.
  ORDERLY_TRACE_SPANS: traceSpans,
  // On AWS it has a password, and the function reads it from Systems Manager.
  ...(smtpUrl && { SMTP_URL: smtpUrl }),
  // On AWS it is a secret of Systems Manager. Here it protects nothing.
  WEBHOOK_KEY: Buffer.alloc(32).toString('base64'),
  // Tests do not wait for a day.
  ...(retrySeconds && { RETRY_SECONDS: retrySeconds }),
  // On AWS the loopback interface has the API of Lambda's runtime.
  WEBHOOK_LOOPBACK: 'true',
};

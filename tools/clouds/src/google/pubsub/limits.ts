/**
 * Pub/Sub's limits. A kilobyte has 1,000 bytes in sizes of requests.
 * Source: https://cloud.google.com/pubsub/quotas#resource_limits
 */
export const PUBLISH_BYTES = 10_000_000;
export const PUBLISH_MESSAGES = 1_000;
export const ATTRIBUTES = 100;
export const ATTRIBUTE_KEY_BYTES = 256;
export const ATTRIBUTE_VALUE_BYTES = 1_024;
export const ORDERING_KEY_BYTES = 1_024;

/** Source: https://cloud.google.com/pubsub/docs/subscription-message-filter */
export const FILTER_BYTES = 256;

/** Source: https://cloud.google.com/pubsub/docs/subscription-properties */
export const ACK_DEADLINE_SECONDS = { minimum: 10, maximum: 600, usual: 10 } as const;
export const RETENTION_SECONDS = { minimum: 600, maximum: 2_678_400, usual: 604_800 } as const;

/** Source: https://cloud.google.com/pubsub/docs/subscription-retry-policy */
export const BACKOFF_SECONDS = { minimum: 0, maximum: 600, usualMinimum: 10, usualMaximum: 600 } as const;

/** Source: https://cloud.google.com/pubsub/docs/dead-letter-topics */
export const DELIVERY_ATTEMPTS = { minimum: 5, maximum: 100, usual: 5 } as const;

/** Without a retry policy, pushes are repeated after so long. Source: https://cloud.google.com/pubsub/docs/push#push_backoff */
export const PUSH_BACKOFF_MS = { minimum: 100, maximum: 60_000 } as const;

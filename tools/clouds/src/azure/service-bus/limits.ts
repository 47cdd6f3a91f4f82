/** Source of all, for the standard tier: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas */
export const MESSAGE_BYTES = 262_144;
/** Of all application properties of a message together, names and values. */
export const PROPERTIES_BYTES = 65_536;
/** Of a message id and of a session id, in characters. */
export const ID_LENGTH = 128;
/** Source: https://learn.microsoft.com/azure/service-bus-messaging/message-transfers-locks-settlement#peeklock */
export const LOCK_MS = { least: 5_000, usual: 60_000, most: 300_000 };
/** Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues#maximum-delivery-count */
export const DELIVERIES = { least: 1, usual: 10, most: 2_000 };
/** Source: https://learn.microsoft.com/azure/service-bus-messaging/duplicate-detection#duplicate-detection-window-size */
export const DUPLICATES_MS = { least: 20_000, usual: 600_000, most: 604_800_000 };
/** Source: https://learn.microsoft.com/azure/service-bus-messaging/message-expiration */
export const TIME_TO_LIVE_MS = { least: 1_000, most: Number.MAX_SAFE_INTEGER };
/** Of one request to peek, and of one response. */
export const PEEKED_MESSAGES = 250;
/** In characters. */
export const NAME_LENGTH = { topic: 260, queue: 260, subscription: 50 };

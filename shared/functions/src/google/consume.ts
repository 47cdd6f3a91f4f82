export { consuming } from '../portable/handlers.ts';

/** https://opentelemetry.io/docs/specs/semconv/messaging/gcp-pubsub/ */
export const messagingSystem = 'gcp_pubsub';

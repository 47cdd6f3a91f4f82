export { consuming } from '../portable/handlers.ts';

/** https://opentelemetry.io/docs/specs/semconv/messaging/azure-messaging/ */
export const messagingSystem = 'servicebus';

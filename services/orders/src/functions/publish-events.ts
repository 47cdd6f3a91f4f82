import { eventTypes } from '@orderly/contracts';
import { publishOutbox } from '@orderly/functions/messaging/publish-outbox';

export const handler = publishOutbox({ topic: 'order-events', eventTypes: eventTypes['order-events'] });

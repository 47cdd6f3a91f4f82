import { eventTypes } from '@orderly/contracts';
import { publishOutbox } from '@orderly/functions/messaging/publish-outbox';

export const handler = publishOutbox({ topic: 'webhook-events', eventTypes: eventTypes['webhook-events'] });

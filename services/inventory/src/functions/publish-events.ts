import { eventTypes } from '@orderly/contracts';
import { publishOutbox } from '@orderly/functions/messaging/publish-outbox';

export const handler = publishOutbox({
  topic: 'inventory-events',
  eventTypes: eventTypes['inventory-events'],
});

import { eventTypes } from '@orderly/contracts';
import { publishOutbox } from '@orderly/functions/messaging/publish-outbox';

export const handler = publishOutbox({
  topic: 'notification-events',
  eventTypes: eventTypes['notification-events'],
});

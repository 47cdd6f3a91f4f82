import { eventTypes } from '@orderly/contracts';
import { publishOutbox } from '@orderly/functions/messaging/publish-outbox';

export const handler = publishOutbox({ topic: '__thing__-events', eventTypes: eventTypes['__thing__-events'] });

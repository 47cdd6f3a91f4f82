import { publishOutbox } from '@orderly/lambda/publish-outbox';

export const handler = publishOutbox({ topic: 'notification-events' });

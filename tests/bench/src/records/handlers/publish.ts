import { eventTypes } from '@orderly/contracts';
import { sqsConfig } from '@orderly/functions/aws/client-config';
import { publishOutbox } from '@orderly/functions/messaging/publish-outbox';
import { stubSqs } from './stub-sqs.ts';

export const handler = publishOutbox({
  topic: 'order-events',
  eventTypes: eventTypes['order-events'],
  sqs: stubSqs(sqsConfig),
});

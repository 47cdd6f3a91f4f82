import {
  __Event__,
  on,
} from '@orderly/contracts';
import { consume } from '@orderly/functions/messaging/consume';
import { log } from '@orderly/functions/observability/log';

/** Let the domain decide here, and write its change by an adapter on a condition: events are redelivered. */
async function react(subject: string, sequence: number): Promise<void> {
  log.info('Event received', { subject, sequence });
}

export const handler = consume(
  on(__Event__, ({ subject, sequence }) => react(subject, sequence)),
);

import { log } from '@orderly/functions/observability/log';
import type { Outlet } from '../domain/channel.ts';

/** Writes that a message would have been sent to the log, without its address and its text. */
export const logOutlet: Outlet = {
  async send({ subject, messageId }) {
    log.info('Notification', { subject, messageId });
    return messageId;
  },
};

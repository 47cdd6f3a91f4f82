import { log } from '@orderly/functions/observability/log';
import type { Outlet } from '../domain/channel.ts';

/** Logs a message instead of sending it, without its address and its text. */
export const logOutlet: Outlet = {
  async send({ subject, messageId }) {
    log.info('Notification', { subject, messageId });
    return messageId;
  },
};

import type { TaskQueue } from '../messaging/task.ts';
import { sendBatch } from './service-bus.ts';

export { consumeTasks } from '../portable/handlers.ts';

/** A queue of Service Bus without sessions. @param name of the queue */
export function taskQueue(name: string): TaskQueue {
  return {
    async send(body, { delaySeconds }) {
      const at = new Date(Date.now() + delaySeconds * 1_000).toUTCString();
      const later = delaySeconds > 0 && { ScheduledEnqueueTimeUtc: at };
      await sendBatch(name, [{ Body: body, BrokerProperties: { ...later } }]);
    },
  };
}

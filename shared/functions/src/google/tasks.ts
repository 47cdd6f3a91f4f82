import * as v from 'valibot';
import { environment, text } from '../env.ts';
import type { TaskQueue } from '../messaging/task.ts';
import { callGoogle } from './service.ts';

export { consumeTasks } from '../portable/handlers.ts';

/**
 * A queue of Cloud Tasks, which posts each task to a function with a token of the service account.
 * https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues.tasks/create
 *
 * Environment: `TASKS_PARENT` (`projects/<project>/locations/<location>`), `TASKS_TARGET_URL`, `TASKS_SERVICE_ACCOUNT`,
 * `TOKEN_AUDIENCE` (what that function expects of a token), locally `CLOUD_TASKS_ENDPOINT`.
 *
 * @param name of the queue
 */
export function taskQueue(name: string): TaskQueue {
  const env = environment({
    TASKS_PARENT: text,
    TASKS_TARGET_URL: text,
    TASKS_SERVICE_ACCOUNT: text,
    TOKEN_AUDIENCE: text,
    CLOUD_TASKS_ENDPOINT: v.optional(v.string(), ''),
  });
  return {
    async send(body, { delaySeconds }) {
      const task = {
        ...(delaySeconds > 0 && { scheduleTime: new Date(Date.now() + delaySeconds * 1_000).toISOString() }),
        httpRequest: {
          url: env.TASKS_TARGET_URL,
          httpMethod: 'POST',
          headers: { 'content-type': 'application/json' },
          body: Buffer.from(body).toString('base64'),
          oidcToken: { serviceAccountEmail: env.TASKS_SERVICE_ACCOUNT, audience: env.TOKEN_AUDIENCE },
        },
      };
      await callGoogle('cloudtasks', `/v2/${env.TASKS_PARENT}/queues/${name}/tasks`, {
        method: 'POST',
        body: JSON.stringify({ task }),
        local: env.CLOUD_TASKS_ENDPOINT,
      });
    },
  };
}

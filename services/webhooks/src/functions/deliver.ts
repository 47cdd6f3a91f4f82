import { randomUUID } from 'node:crypto';
import type { EndpointId } from '@orderly/contracts';
import { environment, positiveInteger } from '@orderly/functions/env';
import { consumeTasks, type Invocation, type Task } from '@orderly/functions/messaging/tasks';
import { log } from '@orderly/functions/observability/log';
import { count, measure } from '@orderly/functions/observability/metrics';
import * as v from 'valibot';
import { attempt, attemptMs } from '../adapters/attempts.ts';
import * as deliveryTable from '../adapters/delivery-table.ts';
import { changeEndpoint, findEndpoint } from '../adapters/endpoint-table.ts';
import { readWakeUp, wake } from '../adapters/wake-ups.ts';
import * as workTable from '../adapters/work-table.ts';
import type { Attempt } from '../domain/attempt.ts';
import type { Delivery } from '../domain/delivery.ts';
import { disable } from '../domain/endpoint.ts';
import { worker } from '../domain/worker.ts';

const env = environment({
  RETRY_SECONDS: v.pipe(
    v.string('is missing'),
    v.regex(/^[1-9]\d*( [1-9]\d*)*$/, 'is not a list of whole numbers with single blanks between them'),
    v.transform((text) => text.split(' ').map(Number)),
  ),
  DISABLE_AFTER_HOURS: positiveInteger,
  TIMEOUT_SECONDS: positiveInteger,
});

const workOn = worker(
  {
    ...deliveryTable,
    ...workTable,
    ...{ findEndpoint, wake, attempt, attempted },
    now: () => new Date(),
    random: Math.random,
    newId: randomUUID,
    async disable(endpointId, reason, failingSince) {
      const outcome = await changeEndpoint(endpointId, (endpoint) =>
        disable(endpoint, reason, failingSince, new Date()),
      );
      if (outcome?.outcome !== 'changed') return;
      count('EndpointsDisabled');
      log.warn('Endpoint disabled', { endpoint_id: endpointId, reason, failing_since: failingSince });
    },
  },
  {
    delaySeconds: env.RETRY_SECONDS,
    disableAfterMs: env.DISABLE_AFTER_HOURS * 60 * 60 * 1000,
    invocationMs: env.TIMEOUT_SECONDS * 1000,
    attemptMs,
  },
);

function attempted({ endpointId, eventId, status, createdAt }: Delivery, attempt: Attempt): void {
  const { durationMs } = attempt;
  measure('AttemptDuration', durationMs);
  if (status === 'DELIVERED') {
    count('EventsDelivered');
    measure('DeliveryAge', Date.now() - Date.parse(createdAt));
    return;
  }
  count('AttemptsFailed');
  if (status === 'FAILED') count('DeliveriesFailed');
  const why = attempt.outcome === 'answered' ? { status: attempt.status } : { reason: attempt.reason };
  log.info('Attempt failed', { endpoint_id: endpointId, event_id: eventId, delivery: status, ...why });
}

/** @returns whether it went well */
async function tryToWorkOn(endpointId: EndpointId, { remainingMs }: Invocation): Promise<boolean> {
  try {
    await workOn(endpointId, remainingMs);
    return true;
  } catch (error) {
    log.error('The work on an endpoint failed; its wake-up will be redelivered', {
      endpoint_id: endpointId,
      error,
    });
    return false;
  }
}

/** Works on the endpoints that the wake-ups name, each once, side by side. */
export const handler = consumeTasks(async (tasks, invocation) => {
  const failed: Task[] = [];
  const wakeUps = new Map<EndpointId, Task[]>();
  for (const task of tasks) {
    const endpointId = readWakeUp(task.body);
    if (endpointId === undefined) {
      log.error('A message is no wake-up; it will be dead-lettered', { message_id: task.id });
      failed.push(task);
    } else {
      wakeUps.set(endpointId, [...(wakeUps.get(endpointId) ?? []), task]);
    }
  }
  const works = [...wakeUps].map(async ([endpointId, its]) => {
    if (!(await tryToWorkOn(endpointId, invocation))) failed.push(...its);
  });
  await Promise.all(works);
  return failed;
});

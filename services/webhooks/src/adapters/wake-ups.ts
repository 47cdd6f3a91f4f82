import { EndpointId, parse, parseJson } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { taskQueue } from '@orderly/functions/messaging/tasks';
import * as v from 'valibot';

/** There is something to do for an endpoint. */
const WakeUp = v.object({ endpointId: EndpointId });

const env = environment({ WAKE_UPS_URL: text });
const wakeUps = taskQueue(env.WAKE_UPS_URL);

/**
 * Wakes the function that works on an endpoint.
 *
 * @param at not before; at most 15 minutes ahead, as SQS has it
 */
export async function wake(endpointId: EndpointId, at?: Date): Promise<void> {
  const delaySeconds = at === undefined ? 0 : Math.max(0, Math.ceil((at.getTime() - Date.now()) / 1000));
  await wakeUps.send(JSON.stringify({ endpointId }), {
    delaySeconds: Math.min(delaySeconds, 900),
    group: endpointId,
  });
}

/** @returns undefined for what is no wake-up */
export function readWakeUp(body: string): EndpointId | undefined {
  const json = parseJson(body);
  const wakeUp = json.outcome === 'valid' ? parse(WakeUp, json.value) : json;
  return wakeUp.outcome === 'valid' ? wakeUp.value.endpointId : undefined;
}

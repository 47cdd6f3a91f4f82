import { EndpointId, parse, parseJson } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { taskQueue } from '@orderly/functions/messaging/tasks';
import { requestContext } from '@orderly/functions/observability/request-context';
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

const beingSent = new Map<EndpointId, Promise<void>>();
const nextOnes = new Map<EndpointId, Promise<void>>();

/**
 * As `wake`, at once, with one wake-up for all who ask while another one of the endpoint is being sent: the next one. That
 * one itself is not shared, since it may arrive before there is something to do.
 */
export function wakeTogether(endpointId: EndpointId): Promise<void> {
  // Who has a deadline asks alone: its end must not end the request of others.
  if (requestContext()?.deadline !== undefined) return wake(endpointId);
  const current = beingSent.get(endpointId);
  const next = nextOnes.get(endpointId);
  if (next !== undefined || current === undefined) return next ?? send(endpointId);
  const following = current
    .catch(() => undefined)
    .then(() => {
      nextOnes.delete(endpointId);
      return send(endpointId);
    });
  nextOnes.set(endpointId, following);
  return following;
}

function send(endpointId: EndpointId): Promise<void> {
  const sent = wake(endpointId).finally(() => beingSent.delete(endpointId));
  beingSent.set(endpointId, sent);
  return sent;
}

/** @returns undefined for what is no wake-up */
export function readWakeUp(body: string): EndpointId | undefined {
  const json = parseJson(body);
  const wakeUp = json.outcome === 'valid' ? parse(WakeUp, json.value) : json;
  return wakeUp.outcome === 'valid' ? wakeUp.value.endpointId : undefined;
}

import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EndpointId, parse, parseJson } from '@orderly/contracts';
import { clientConfig } from '@orderly/functions/aws-client';
import { environment, text } from '@orderly/functions/env';
import { withDeadline } from '@orderly/functions/observability/request-context';
import * as v from 'valibot';

/** There is something to do for an endpoint. */
const WakeUp = v.object({ endpointId: EndpointId });

const env = environment({ WAKE_UPS_URL: text });
const sqs = new SQSClient(clientConfig);

/**
 * Wakes the function that works on an endpoint.
 *
 * @param at not before; at most 15 minutes ahead, as SQS has it
 */
export async function wake(endpointId: EndpointId, at?: Date): Promise<void> {
  const delaySeconds = at === undefined ? 0 : Math.max(0, Math.ceil((at.getTime() - Date.now()) / 1000));
  const command = new SendMessageCommand({
    QueueUrl: env.WAKE_UPS_URL,
    MessageBody: JSON.stringify({ endpointId }),
    DelaySeconds: Math.min(delaySeconds, 900),
    // A standard queue serves quiet groups first, so that one busy endpoint does not hold up the others:
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
    MessageGroupId: endpointId,
  });
  await sqs.send(command, withDeadline());
}

/** @returns undefined for what is no wake-up */
export function readWakeUp(body: string): EndpointId | undefined {
  const json = parseJson(body);
  const wakeUp = json.outcome === 'valid' ? parse(WakeUp, json.value) : json;
  return wakeUp.outcome === 'valid' ? wakeUp.value.endpointId : undefined;
}

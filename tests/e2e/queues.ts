import { SQSClient } from '@aws-sdk/client-sqs';
import { eventually } from '@orderly/support/eventually';
import { Queues } from '@orderly/support/queues';
import { clientOptions, platform } from './platform.ts';

/** The queues of the stage under test. */
export const queues = new Queues(new SQSClient(clientOptions('sqs')), platform().stage);

/** Waits until all that was sent to a subscription is handled; nothing may have been dead-lettered. */
export async function expectQuiet(subscription: string): Promise<void> {
  const idle = { waiting: 0, inFlight: 0 };
  const [inbox, dead] = [await queues.url(subscription), await queues.url(`dlq--${subscription}`)];
  await eventually(async () => expect(await queues.depth(inbox)).toEqual(idle));
  expect(await queues.depth(dead)).toEqual(idle);
}

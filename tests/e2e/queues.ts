import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { depthOf as queueDepth } from '@orderly/cli/queue-depth';
import { eventually } from './eventually.ts';
import { clientOptions, platform } from './platform.ts';

let client: SQSClient | undefined;

function sqs(): SQSClient {
  client ??= new SQSClient(clientOptions('sqs'));
  return client;
}

/** The full name of a queue of the stage under test: `queueName('order-events--loyalty.fifo')`. */
export const queueName = (rest: string): string => `${platform().stage}-${rest}`;

/** Subscribes as another team would: by owning a queue. @returns its URL */
export async function createQueue(
  name: string,
  tags: Readonly<Record<string, string>> = {},
): Promise<string> {
  const Attributes = name.endsWith('.fifo')
    ? { FifoQueue: 'true', DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' }
    : {};
  const { QueueUrl } = await sqs().send(
    new CreateQueueCommand({ QueueName: name, Attributes, tags: { ...tags } }),
  );
  if (QueueUrl === undefined) throw new Error(`Queue ${name} was not created`);
  return QueueUrl;
}

export async function deleteQueue(url: string): Promise<void> {
  await sqs().send(new DeleteQueueCommand({ QueueUrl: url }));
}

/** Gives a queue other attributes for a while. @returns a function that gives it back those it had */
export async function changeQueue(
  url: string,
  attributes: Readonly<Record<string, string>>,
): Promise<() => Promise<void>> {
  const { Attributes = {} } = await sqs().send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  const before = Object.entries(Attributes).filter(([name]) => name in attributes);
  const set = async (Attributes: Record<string, string>): Promise<void> => {
    await sqs().send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
  };
  await set({ ...attributes });
  return () => set(Object.fromEntries(before));
}

/** Has a queue give up on a message after so many tries, which come soon. @returns a function that makes that as it was */
export async function giveUpAfter(
  url: string,
  deadLetters: string,
  tries: number,
): Promise<() => Promise<void>> {
  const { Attributes } = await sqs().send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetters, AttributeNames: ['QueueArn'] }),
  );
  const policy = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: tries };
  return changeQueue(url, { RedrivePolicy: JSON.stringify(policy), VisibilityTimeout: '8' });
}

export async function queueUrl(name: string): Promise<string> {
  const { QueueUrl } = await sqs().send(new GetQueueUrlCommand({ QueueName: name }));
  if (QueueUrl === undefined) throw new Error(`There is no queue ${name}`);
  return QueueUrl;
}

/** How many messages a queue holds: those that wait, and those that were received and not acknowledged. */
export async function depthOf(url: string): Promise<{ readonly waiting: number; readonly inFlight: number }> {
  const { visible, delayed, inFlight } = (await queueDepth(sqs(), url)) ?? gone(url);
  return { waiting: visible + delayed, inFlight };
}

function gone(url: string): never {
  throw new Error(`There is no queue ${url}`);
}

/** @param group the FIFO group; a standard queue has none */
export async function sendToQueue(url: string, body: string, group?: string): Promise<void> {
  const fifo = { MessageGroupId: group, MessageDeduplicationId: `${group}-${Date.now()}` };
  await sqs().send(
    new SendMessageCommand({ QueueUrl: url, MessageBody: body, ...(group !== undefined && fifo) }),
  );
}

/** Takes what is in the queue now, ten at most, out of it. */
export async function drain(url: string): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs().send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  for (const { ReceiptHandle } of Messages) {
    await sqs().send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
  }
  return Messages;
}

/** Waits until all that was sent to a subscription is handled; nothing may have been given up. */
export async function expectQuiet(inbox: string, deadLetters: string): Promise<void> {
  const idle = { waiting: 0, inFlight: 0 };
  await eventually(async () => expect(await depthOf(inbox)).toEqual(idle));
  expect(await depthOf(deadLetters)).toEqual(idle);
}

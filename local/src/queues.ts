import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type QueueAttributeName,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  type SQSClient,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import type { Properties } from './cloudformation.ts';

export interface QueuePlan {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Encryption means nothing in a local process, and emulators know no keys. */
const NOT_ATTRIBUTES = new Set([
  'QueueName',
  'Tags',
  'SqsManagedSseEnabled',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
]);

const redrivePolicy = (policy: Record<string, unknown>): Record<string, unknown> =>
  'maxReceiveCount' in policy ? { ...policy, maxReceiveCount: Number(policy.maxReceiveCount) } : policy;

const attributeText = (name: string, value: unknown): string => {
  if (typeof value !== 'object' || value === null) return String(value);
  return JSON.stringify(name === 'RedrivePolicy' ? redrivePolicy({ ...value }) : value);
};

const tagsOf = (tags: unknown): Record<string, string> =>
  Object.fromEntries(
    (Array.isArray(tags) ? tags : []).map((tag) => [String(Object(tag).Key), String(Object(tag).Value)]),
  );

/**
 * What to create for an AWS::SQS::Queue.
 * @param properties with intrinsic functions resolved
 * @param visibilityTimeout seconds, instead of the template's (ORDERLY_VISIBILITY_TIMEOUT)
 */
export const planQueue = (
  name: string,
  properties: Properties,
  visibilityTimeout?: number | undefined,
): QueuePlan => {
  const given = Object.entries(properties).filter(([key]) => !NOT_ATTRIBUTES.has(key));
  const attributes = Object.fromEntries(given.map(([key, value]) => [key, attributeText(key, value)]));
  if (visibilityTimeout !== undefined) attributes.VisibilityTimeout = String(visibilityTimeout);
  return { name, attributes, tags: tagsOf(properties.Tags) };
};

const findQueue = async (sqs: SQSClient, name: string): Promise<string | undefined> => {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
};

const setAttribute = async (sqs: SQSClient, url: string, name: string, value: string): Promise<void> => {
  try {
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { [name]: value } }));
  } catch (error) {
    // An emulator may not know every attribute; the queue works without.
    if (!(error instanceof Error && error.name === 'InvalidAttributeName')) throw error;
  }
};

const updateQueue = async (sqs: SQSClient, url: string, plan: QueuePlan): Promise<void> => {
  const all: QueueAttributeName[] = ['All'];
  const { Attributes: now = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: all }),
  );
  const present: Partial<Record<string, string>> = now;
  for (const [name, value] of Object.entries(plan.attributes)) {
    if (name !== 'FifoQueue' && present[name] !== value) await setAttribute(sqs, url, name, value);
  }
  if (Object.keys(plan.tags).length > 0) {
    await sqs.send(new TagQueueCommand({ QueueUrl: url, Tags: plan.tags }));
  }
};

/**
 * Creates the queue, or gives an existing one the planned attributes and tags.
 * @returns its URL
 */
export const ensureQueue = async (sqs: SQSClient, plan: QueuePlan): Promise<string> => {
  const existing = await findQueue(sqs, plan.name);
  if (existing !== undefined) {
    await updateQueue(sqs, existing, plan);
    return existing;
  }
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: plan.name, Attributes: plan.attributes, tags: plan.tags }),
  );
  if (QueueUrl === undefined) throw new Error(`SQS created ${plan.name} but gave no URL.`);
  return QueueUrl;
};

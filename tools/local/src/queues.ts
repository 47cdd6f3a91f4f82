import type { AwsCall } from '../../aws/call.ts';
import { AwsError } from '../../aws/protocol/error.ts';
import type { Properties } from './cloudformation.ts';

export interface QueuePlan {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Properties of AWS::SQS::Queue that are not attributes of the API. */
const NOT_ATTRIBUTES = new Set(['QueueName', 'Tags']);

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

const findQueue = async (call: AwsCall, name: string): Promise<string | undefined> => {
  try {
    return String((await call('sqs', 'GetQueueUrl', { QueueName: name })).QueueUrl);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'QueueDoesNotExist') return undefined;
    throw error;
  }
};

const updateQueue = async (call: AwsCall, url: string, plan: QueuePlan): Promise<void> => {
  // Whether a queue is FIFO is decided when it is created.
  const { FifoQueue: _, ...attributes } = plan.attributes;
  await call('sqs', 'SetQueueAttributes', { QueueUrl: url, Attributes: attributes });
  if (Object.keys(plan.tags).length > 0) await call('sqs', 'TagQueue', { QueueUrl: url, Tags: plan.tags });
};

/**
 * Creates the queue, or gives an existing one the planned attributes and tags.
 * @returns its URL
 */
export const ensureQueue = async (call: AwsCall, plan: QueuePlan): Promise<string> => {
  const existing = await findQueue(call, plan.name);
  if (existing !== undefined) {
    await updateQueue(call, existing, plan);
    return existing;
  }
  const created = { QueueName: plan.name, Attributes: plan.attributes, tags: plan.tags };
  return String((await call('sqs', 'CreateQueue', created)).QueueUrl);
};

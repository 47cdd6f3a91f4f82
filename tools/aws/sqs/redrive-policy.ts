import { invalidValue } from './errors.ts';
import { parseJsonObject } from './validation.ts';

const MAXIMUM_RECEIVE_COUNT = 1_000;
const SOURCE_QUEUES = 10;
const ARN = /^arn:[a-z-]+:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]{1,80}$/;

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export type RedriveAllowPolicy =
  | { readonly permission: 'allowAll' | 'denyAll' }
  | { readonly permission: 'byQueue'; readonly sourceQueueArns: readonly string[] };

export const parseRedrivePolicy = (text: string): RedrivePolicy => {
  const invalid = (reason: string) => invalidValue(text, 'RedrivePolicy', reason);
  const policy = parseJsonObject(text);
  if (!policy) throw invalid('Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn, maxReceiveCount, ...others } = policy;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw invalid(`Only following attributes are allowed: [deadLetterTargetArn, maxReceiveCount].`);
  if (typeof deadLetterTargetArn !== 'string')
    throw invalid('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  if (!ARN.test(deadLetterTargetArn)) throw invalid('Invalid value for deadLetterTargetArn.');
  if (maxReceiveCount === undefined)
    throw invalid('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > MAXIMUM_RECEIVE_COUNT)
    throw invalid(
      `Invalid value for maxReceiveCount: ${String(maxReceiveCount)}, valid values are from 1 to 1000 both inclusive.`,
    );
  return { deadLetterTargetArn, maxReceiveCount: count };
};

const invalidAllow = (text: string, reason: string) => invalidValue(text, 'RedriveAllowPolicy', reason);

const parseSources = (text: string, sources: unknown): readonly string[] => {
  const reason = `Amazon SQS can't create the redrive allow policy: sourceQueueArns must list 1 to ${SOURCE_QUEUES} queue ARNs.`;
  if (!Array.isArray(sources) || sources.length === 0 || sources.length > SOURCE_QUEUES)
    throw invalidAllow(text, reason);
  return sources.map((source: unknown) => {
    if (typeof source !== 'string' || !ARN.test(source)) throw invalidAllow(text, reason);
    return source;
  });
};

export const parseRedriveAllowPolicy = (text: string): RedriveAllowPolicy => {
  const policy = parseJsonObject(text);
  if (!policy) throw invalidAllow(text, 'Redrive allow policy is not a valid JSON map.');
  const { redrivePermission, sourceQueueArns, ...others } = policy;
  if (Object.keys(others).length > 0)
    throw invalidAllow(text, 'Only following attributes are allowed: [redrivePermission, sourceQueueArns].');
  if (redrivePermission === 'byQueue')
    return { permission: 'byQueue', sourceQueueArns: parseSources(text, sourceQueueArns) };
  if (redrivePermission !== 'allowAll' && redrivePermission !== 'denyAll')
    throw invalidAllow(text, 'redrivePermission must be one of allowAll, denyAll, byQueue.');
  if (sourceQueueArns !== undefined)
    throw invalidAllow(text, 'sourceQueueArns can be specified only with byQueue.');
  return { permission: redrivePermission };
};

export const allowsSource = (policy: RedriveAllowPolicy | undefined, sourceArn: string): boolean =>
  policy === undefined ||
  policy.permission === 'allowAll' ||
  (policy.permission === 'byQueue' && policy.sourceQueueArns.includes(sourceArn));

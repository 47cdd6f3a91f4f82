import { AwsError } from '../protocol/error.ts';
import { DELAY_SECONDS, MESSAGE_BYTES, RECEIVE_WAIT_SECONDS, VISIBILITY_SECONDS } from './limits.ts';
import { parseRedriveAllowPolicy, parseRedrivePolicy } from './redrive-policy.ts';
import { parseJsonObject } from './validation.ts';

/** Settings of a queue, as text: that is how AWS takes and gives them. */
export type AttributeTexts = ReadonlyMap<string, string>;

type Check = (value: string) => boolean;

const integer =
  (minimum: number, maximum: number): Check =>
  (value) =>
    /^\d+$/.test(value) && Number(value) >= minimum && Number(value) <= maximum;
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value);
const isBoolean = oneOf('true', 'false');
const isPolicy: Check = (value) => value === '' || parseJsonObject(value)?.Statement !== undefined;
/** Redrive policies are parsed, with sentences of their own. */
const anything: Check = () => true;

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const COMMON: Readonly<Record<string, Check>> = {
  DelaySeconds: integer(0, DELAY_SECONDS),
  MaximumMessageSize: integer(1_024, MESSAGE_BYTES),
  MessageRetentionPeriod: integer(60, 1_209_600),
  Policy: isPolicy,
  ReceiveMessageWaitTimeSeconds: integer(0, RECEIVE_WAIT_SECONDS),
  VisibilityTimeout: integer(0, VISIBILITY_SECONDS),
  RedrivePolicy: anything,
  RedriveAllowPolicy: anything,
  KmsMasterKeyId: (value) => value.length <= 2_048,
  KmsDataKeyReusePeriodSeconds: integer(60, 86_400),
  SqsManagedSseEnabled: isBoolean,
};

const FIFO_ONLY: Readonly<Record<string, Check>> = {
  FifoQueue: oneOf('true'),
  ContentBasedDeduplication: isBoolean,
  DeduplicationScope: oneOf('messageGroup', 'queue'),
  FifoThroughputLimit: oneOf('perQueue', 'perMessageGroupId'),
};

const DEFAULTS: AttributeTexts = new Map([
  ['DelaySeconds', '0'],
  ['MaximumMessageSize', String(MESSAGE_BYTES)],
  ['MessageRetentionPeriod', '345600'],
  ['ReceiveMessageWaitTimeSeconds', '0'],
  ['VisibilityTimeout', '30'],
  ['SqsManagedSseEnabled', 'true'],
]);

const FIFO_DEFAULTS: AttributeTexts = new Map([
  ['FifoQueue', 'true'],
  ['ContentBasedDeduplication', 'false'],
  ['DeduplicationScope', 'queue'],
  ['FifoThroughputLimit', 'perQueue'],
]);

/** These can be removed again with an empty value. */
const REMOVABLE = new Set(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId']);

const COUNTS_AND_TIMES = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
];

const READABLE = new Set([...COUNTS_AND_TIMES, ...Object.keys(COMMON), ...Object.keys(FIFO_ONLY), 'All']);

const unknownAttribute = (name: string): AwsError =>
  new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);

const invalidAttribute = (name: string, reason = `Invalid value for the parameter ${name}.`): AwsError =>
  new AwsError('InvalidAttributeValue', reason);

const checkEach = (given: AttributeTexts, fifo: boolean): void => {
  for (const [name, value] of given) {
    const check = COMMON[name] ?? (fifo ? FIFO_ONLY[name] : undefined);
    if (!check) throw unknownAttribute(name);
    if (value === '' && REMOVABLE.has(name)) continue;
    if (!check(value)) throw invalidAttribute(name);
  }
};

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html */
const checkThroughput = (texts: AttributeTexts): void => {
  if (texts.get('FifoThroughputLimit') !== 'perMessageGroupId') return;
  if (texts.get('DeduplicationScope') === 'messageGroup') return;
  throw invalidAttribute(
    'FifoThroughputLimit',
    'The perMessageGroupId value for FifoThroughputLimit is allowed only when the value for DeduplicationScope is messageGroup.',
  );
};

/** A queue is encrypted in one way: a key replaces the default. */
const chooseEncryption = (texts: Map<string, string>, given: AttributeTexts): void => {
  if (given.get('SqsManagedSseEnabled') === 'true' && texts.has('KmsMasterKeyId'))
    throw new AwsError(
      'InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
  if (texts.has('KmsMasterKeyId')) texts.set('SqsManagedSseEnabled', 'false');
  const period = given.get('KmsDataKeyReusePeriodSeconds');
  if (!texts.has('KmsMasterKeyId')) texts.delete('KmsDataKeyReusePeriodSeconds');
  else
    texts.set('KmsDataKeyReusePeriodSeconds', period ?? texts.get('KmsDataKeyReusePeriodSeconds') ?? '300');
};

const parse = (texts: AttributeTexts) => {
  const number = (name: string): number => Number(texts.get(name));
  const [redrive, allow] = [texts.get('RedrivePolicy'), texts.get('RedriveAllowPolicy')];
  return {
    texts,
    delayMs: number('DelaySeconds') * 1_000,
    maximumMessageBytes: number('MaximumMessageSize'),
    retentionMs: number('MessageRetentionPeriod') * 1_000,
    waitSeconds: number('ReceiveMessageWaitTimeSeconds'),
    visibilitySeconds: number('VisibilityTimeout'),
    redrive: redrive === undefined ? undefined : parseRedrivePolicy(redrive),
    redriveAllow: allow === undefined ? undefined : parseRedriveAllowPolicy(allow),
    contentBasedDeduplication: texts.get('ContentBasedDeduplication') === 'true',
    isDeduplicatedByGroup: texts.get('DeduplicationScope') === 'messageGroup',
  };
};

/** The settings in the form that the queue uses. */
export type QueueSettings = Readonly<ReturnType<typeof parse>>;

const apply = (before: AttributeTexts, given: AttributeTexts, fifo: boolean): QueueSettings => {
  checkEach(given, fifo);
  const texts = new Map([...before, ...given]);
  for (const name of REMOVABLE) if (texts.get(name) === '') texts.delete(name);
  chooseEncryption(texts, given);
  checkThroughput(texts);
  return parse(texts);
};

export const newSettings = (given: AttributeTexts, fifo: boolean): QueueSettings =>
  apply(new Map([...DEFAULTS, ...(fifo ? FIFO_DEFAULTS : [])]), given, fifo);

export const changeSettings = (now: QueueSettings, given: AttributeTexts, fifo: boolean): QueueSettings => {
  if (given.has('FifoQueue') && given.get('FifoQueue') !== now.texts.get('FifoQueue'))
    throw invalidAttribute('FifoQueue');
  return apply(now.texts, given, fifo);
};

const sameJson = (one: string, other: string): boolean => {
  const [a, b] = [parseJsonObject(one), parseJsonObject(other)];
  if (!a || !b) return false;
  const sorted = (value: object): string => JSON.stringify(Object.entries(value).sort());
  return sorted(a) === sorted(b);
};

/** The first of the given attributes that a queue has another value of. */
export const findDifference = (given: AttributeTexts, { texts }: QueueSettings): string | undefined =>
  [...given].find(([name, value]) => {
    const present = texts.get(name) ?? '';
    return present !== value && !sameJson(present, value);
  })?.[0];

/** @throws AwsError InvalidAttributeName for a name that GetQueueAttributes does not know */
export const checkReadable = (names: readonly string[]): void => {
  const unknown = names.find((name) => !READABLE.has(name));
  if (unknown !== undefined) throw unknownAttribute(unknown);
};

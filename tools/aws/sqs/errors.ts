import { AwsError } from '../protocol/error.ts';
import type { ErrorAnswer } from '../protocol/service.ts';

const PREFIX = 'AWS.SimpleQueueService.';

/**
 * What errors are called in SQS's older query protocol. SDKs read it from the header `x-amzn-query-error`.
 * Source: the trait `awsQueryError` in https://github.com/aws/api-models-aws/tree/main/models/sqs
 */
const QUERY_CODES: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: `${PREFIX}BatchEntryIdsNotDistinct`,
  BatchRequestTooLong: `${PREFIX}BatchRequestTooLong`,
  EmptyBatchRequest: `${PREFIX}EmptyBatchRequest`,
  InvalidBatchEntryId: `${PREFIX}InvalidBatchEntryId`,
  InvalidParameterValueException: 'InvalidParameterValue',
  MessageNotInflight: `${PREFIX}MessageNotInflight`,
  MissingRequiredParameterException: 'MissingParameter',
  PurgeQueueInProgress: `${PREFIX}PurgeQueueInProgress`,
  QueueDeletedRecently: `${PREFIX}QueueDeletedRecently`,
  QueueDoesNotExist: `${PREFIX}NonExistentQueue`,
  QueueNameExists: 'QueueAlreadyExists',
  TooManyEntriesInBatchRequest: `${PREFIX}TooManyEntriesInBatchRequest`,
  UnsupportedOperation: `${PREFIX}UnsupportedOperation`,
};

/** Errors that are no shapes of SQS's model: the framework that AWS's services are built with answers them. */
const FRAMEWORK_ERRORS = new Set([
  'InternalFailure',
  'InvalidParameterValueException',
  'MissingRequiredParameterException',
  'SerializationException',
  'ServiceUnavailable',
  'UnknownOperationException',
]);

const isSendersFault = ({ status }: AwsError): boolean => status < 500;

/** The error's name in the query protocol, which entries of a batch are answered with as well. */
export const queryCode = ({ code }: AwsError): string => QUERY_CODES[code] ?? code;

export const describeError = (error: AwsError): ErrorAnswer => ({
  body: {
    __type: `${FRAMEWORK_ERRORS.has(error.code) ? 'com.amazon.coral.service' : 'com.amazonaws.sqs'}#${error.code}`,
    message: error.message,
    ...error.fields,
  },
  headers: { 'x-amzn-query-error': `${queryCode(error)};${isSendersFault(error) ? 'Sender' : 'Receiver'}` },
});

export const invalidParameter = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message);

/** AWS's usual sentence about a value. */
export const invalidValue = (value: unknown, parameter: string, reason: string): AwsError =>
  invalidParameter(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);

export const wrongQueueType = (value: unknown, parameter: string): AwsError =>
  invalidValue(value, parameter, 'The request include parameter that is not valid for this queue type.');

export const missingParameter = (parameter: string): AwsError =>
  new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${parameter}.`);

export const queueDoesNotExist = (): AwsError =>
  new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');

export const notImplemented = (what: string): AwsError =>
  new AwsError('UnsupportedOperation', `The embedded SQS does not implement ${what}.`);

/** An entry of a batch that failed. */
export const batchError = (id: string, error: AwsError) => ({
  Id: id,
  SenderFault: isSendersFault(error),
  Code: queryCode(error),
  Message: error.message,
});

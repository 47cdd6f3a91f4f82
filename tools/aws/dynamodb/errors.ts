import { AwsError } from '../protocol/error.ts';

export const validationException = (message: string): AwsError =>
  new AwsError('ValidationException', message);

export const serializationException = (message: string): AwsError =>
  new AwsError('SerializationException', message);

/** What data operations answer when the table does not exist; they do not name it. */
export const resourceNotFound = (detail?: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Requested resource not found${detail ? `: ${detail}` : ''}`);

export const resourceInUse = (message: string): AwsError => new AwsError('ResourceInUseException', message);

export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceededException', message);

/** A parameter value that breaks one of DynamoDB's rules. */
export const invalidParameter = (detail: string): AwsError =>
  validationException(`One or more parameter values were invalid: ${detail}`);

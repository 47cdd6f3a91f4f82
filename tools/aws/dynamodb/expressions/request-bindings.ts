import { validationException } from '../errors.ts';
import { anything, optional, text } from '../request.ts';
import { Bindings } from './bindings.ts';

/** Members of every request that may have a condition. */
export const conditionMembers = {
  ConditionExpression: optional(text),
  ExpressionAttributeNames: optional(anything),
  ExpressionAttributeValues: optional(anything),
} as const;

export const nameMembers = { ExpressionAttributeNames: optional(anything) } as const;

interface RequestAttributes {
  readonly ExpressionAttributeNames?: unknown;
  readonly ExpressionAttributeValues?: unknown;
}

/**
 * The names and values of a request.
 * @param expressions the request's expressions, by the names of their parameters
 * @throws AwsError ValidationException when they are faulty, or when no expression could use them
 */
export const bindRequest = (
  request: RequestAttributes,
  expressions: Readonly<Record<string, string | undefined>>,
): Bindings => {
  const given = (names: readonly string[]): boolean => names.some((name) => expressions[name] !== undefined);
  const names = Object.keys(expressions);
  if (request.ExpressionAttributeNames !== undefined && !given(names))
    throw validationException('ExpressionAttributeNames can only be specified when using expressions');
  const valued = names.filter((name) => name !== 'ProjectionExpression');
  if (request.ExpressionAttributeValues !== undefined && !given(valued))
    throw validationException(
      `ExpressionAttributeValues can only be specified when using expressions: ${valued.join(' and ')} ${valued.length > 1 ? 'are' : 'is'} null`,
    );
  return new Bindings(request.ExpressionAttributeNames, request.ExpressionAttributeValues);
};

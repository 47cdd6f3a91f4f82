import { toAttributes } from './attributes.ts';

/** A DynamoDB condition: the write happens only if it holds for the present item. */
export interface Condition {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** There is no such item yet. */
export const absent: Condition = { expression: 'attribute_not_exists(pk)' };

/** The item still has the version that was read: nobody has changed it since. */
export function atVersion(version: number): Condition {
  return { expression: '#version = :read', names: { '#version': 'version' }, values: { ':read': version } };
}

/** @returns the request with the condition; a refusal brings the present item, so nobody has to read it */
export function guarded<Request extends object>(request: Request, condition?: Condition) {
  if (condition === undefined) return request;
  const { expression, names, values } = condition;
  return {
    ...request,
    ConditionExpression: expression,
    ...(names === undefined ? {} : { ExpressionAttributeNames: { ...names } }),
    ...(values === undefined ? {} : { ExpressionAttributeValues: toAttributes(values) }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

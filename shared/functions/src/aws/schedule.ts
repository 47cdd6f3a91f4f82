import type { Context } from 'aws-lambda';
import { beginInvocation } from '../observability/log.ts';

/** A function that Amazon EventBridge invokes; a rejection shows as its error. */
export function scheduled<Result>(work: () => Promise<Result>) {
  return async (_event: unknown, { functionName, awsRequestId }: Context): Promise<Result> => {
    beginInvocation(functionName, awsRequestId);
    return work();
  };
}

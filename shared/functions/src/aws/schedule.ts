import type { Context } from 'aws-lambda';
import { beginInvocation } from './invocation.ts';

/** A function that Amazon EventBridge invokes; a rejection shows as its error. */
export function scheduled<Result>(work: () => Promise<Result>) {
  return async (_event: unknown, context: Context): Promise<Result> => {
    beginInvocation(context);
    return work();
  };
}

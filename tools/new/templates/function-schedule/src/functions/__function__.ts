import { beginInvocation, log } from '@orderly/functions/observability/log';
import { count, flushMetrics } from '@orderly/functions/observability/metrics';
import type { Context } from 'aws-lambda';

/** Runs at __schedule__. Its metric shows that it does. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  beginInvocation(context);
  count('__Function__Runs');
  log.info('__Function__ ran');
  flushMetrics();
};

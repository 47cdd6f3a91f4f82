import { log } from '@orderly/functions/observability/log';
import { count } from '@orderly/functions/observability/metrics';
import { schedule } from '@orderly/functions/schedule';

/** Runs at __schedule__. Its metric shows that it does. */
export const handler = schedule(async () => {
  count('__Function__Runs');
  log.info('__Function__ ran');
});

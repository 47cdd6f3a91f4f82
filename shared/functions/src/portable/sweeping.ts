import { environment, text } from '../env.ts';
import { gauge } from '../observability/metrics.ts';
import { removeExpired } from '../postgres/expiry.ts';
import { type Publish, publishThrough, sweep } from '../postgres/publish.ts';
import type { Handler } from './handlers.ts';

/**
 * Has every invocation of this container publish what it commits. The function itself publishes what was left, and removes
 * what is past its time, which no database but DynamoDB does by itself.
 *
 * Environment: `TABLE_NAME`.
 */
export function sweeping(publish: Publish): Handler {
  publishThrough(publish);
  return {
    kind: 'work',
    async work(remainingMs) {
      const { TABLE_NAME: table } = environment({ TABLE_NAME: text });
      const { failed, ...result } = await sweep({ remainingMs });
      gauge('SubjectsUnpublished', failed, 'Count');
      return { failed, ...result, expired: await removeExpired(table) };
    },
  };
}

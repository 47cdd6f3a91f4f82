import { gauge } from '../observability/metrics.ts';
import { type Publish, publishThrough, sweep } from '../postgres/publish.ts';
import type { Handler } from './handlers.ts';

/** Has every invocation of this container publish what it commits. The function itself publishes what was left. */
export function sweeping(publish: Publish): Handler {
  publishThrough(publish);
  return {
    kind: 'work',
    async work(remainingMs) {
      const { failed, ...result } = await sweep({ remainingMs });
      gauge('SubjectsUnpublished', failed, 'Count');
      return { failed, ...result };
    },
  };
}

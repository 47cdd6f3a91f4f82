import type { CloudEvent } from '@orderly/contracts';
import { replaysReleasedEvents } from '../../../tests/platform/released-events.ts';
import { removeItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { insert__Thing__ } from '../src/adapters/__thing__-table.ts';
import { open } from '../src/domain/__thing__.ts';
import { handler } from '../src/functions/consume-__topic__.ts';
import { inContext, noon, __thing__Id } from './builders.ts';

withResourcesOf('__service__');

/** There is an open __thing__ for the event to close: the examples of all revisions have one subject. */
async function opened({ subject }: CloudEvent): Promise<void> {
  await removeItem('test-__service__', { pk: `__THING__#${subject}` });
  await inContext(() => insert__Thing__(open(__thing__Id(subject), noon)));
}

replaysReleasedEvents('__service__', handler, {
  __Event__: opened,
});

import {
  __Event__,
  on,
} from '@orderly/contracts';
import { consume } from '@orderly/functions/messaging/consume';
import { log } from '@orderly/functions/observability/log';
import { count } from '@orderly/functions/observability/metrics';
import { change__Thing__ } from '../adapters/__thing__-table.ts';
import { close } from '../domain/__thing__.ts';

/** Closes the __thing__ with this id; where there is none, nothing has to be closed. */
async function closeIfOpen(__thing__Id: string): Promise<void> {
  const outcome = await change__Thing__(__thing__Id, (__thing__) => close(__thing__, new Date()));
  if (outcome === undefined) return;
  if (outcome.outcome === 'unchanged') return count('DuplicatesAbsorbed');
  count('__Things__Closed');
  log.info('__Thing__ closed', { __thing___id: __thing__Id });
}

export const handler = consume(
  on(__Event__, ({ subject }) => closeIfOpen(subject)),
);

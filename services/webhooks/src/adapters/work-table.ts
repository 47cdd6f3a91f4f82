import type { EndpointId } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { absent, atVersion } from '@orderly/functions/table/condition';
import { openTable } from '@orderly/functions/table/table';
import { noWork, type Work } from '../domain/work.ts';

interface WorkItem extends Work {
  readonly pk: string;
  readonly sk: string;
}

const env = environment({ TABLE_NAME: text });
const table = openTable<WorkItem>(env.TABLE_NAME);
const key = (endpointId: EndpointId) => ({ pk: `WORK#${endpointId}`, sk: 'WORK' });

/** The state of the work on an endpoint. */
export async function findWork(endpointId: EndpointId): Promise<Work> {
  return toWork(await table.get(key(endpointId)));
}

/** Writes the next version. @returns undefined when it is written, else what somebody else has written meanwhile */
export async function saveWork(endpointId: EndpointId, work: Work): Promise<Work | undefined> {
  const condition = work.version === 1 ? absent : atVersion(work.version - 1);
  const written = await table.put({ ...work, ...key(endpointId) }, condition);
  return written.outcome === 'written' ? undefined : toWork(written.current);
}

export const removeWork = (endpointId: EndpointId): Promise<void> => table.remove(key(endpointId));

function toWork(item: WorkItem | undefined): Work {
  if (item === undefined) return noWork;
  const { pk, sk, ...work } = item;
  return work;
}

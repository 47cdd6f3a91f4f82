import { environment, text } from '@orderly/functions/env';
import { type Outbox, outbox } from '@orderly/functions/messaging/outbox';
import { TransactionConflictError } from '@orderly/functions/retry';
import { absent, atVersion } from '@orderly/functions/table/condition';
import { openTable } from '@orderly/functions/table/table';
import type { Change, Outcome, __Thing__ } from '../domain/__thing__.ts';

/** __AThing__ as it is stored: with the events of its last change. */
export interface __Thing__Item extends __Thing__ {
  readonly pk: string;
  readonly outbox: Outbox;
}

/** A new __thing__, or the one that exists under its id. */
export interface Insertion {
  readonly outcome: 'inserted' | 'repeated';
  readonly __thing__: __Thing__;
}

const env = environment({ TABLE_NAME: text });
const table = openTable<__Thing__Item>(env.TABLE_NAME);
const key = (__thing__Id: string) => ({ pk: `__THING__#${__thing__Id}` });

/** How often a change is tried again because somebody else was faster. */
const attempts = 5;

/** Writes a new __thing__ unless there is one under its id. */
export async function insert__Thing__(change: Change): Promise<Insertion> {
  const written = await table.put(toItem(change), absent);
  if (written.outcome === 'written' || written.current === undefined) {
    return { outcome: 'inserted', __thing__: change.__thing__ };
  }
  return { outcome: 'repeated', __thing__: to__Thing__(written.current) };
}

export async function find__Thing__(__thing__Id: string): Promise<__Thing__ | undefined> {
  const item = await table.get(key(__thing__Id));
  return item && to__Thing__(item);
}

/**
 * Changes __aThing__ by one transition of the domain. The write is guarded by the version that was read; when somebody
 * was faster, the transition decides again on the __thing__ as it is now.
 *
 * @returns `undefined` for __aThing__ that does not exist
 * @throws TransactionConflictError when others were faster every time
 */
export async function change__Thing__(
  __thing__Id: string,
  transition: (__thing__: __Thing__) => Outcome,
): Promise<Outcome | undefined> {
  let item = await table.get(key(__thing__Id));
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (item === undefined) return undefined;
    const outcome = transition(to__Thing__(item));
    if (outcome.outcome === 'unchanged') return outcome;
    const written = await table.put(toItem(outcome), atVersion(item.version));
    if (written.outcome === 'written') return outcome;
    item = written.current;
  }
  throw new TransactionConflictError(`__Thing__ ${__thing__Id} kept changing`);
}

function toItem({ __thing__, events }: Change): __Thing__Item {
  const { __thing__Id, version } = __thing__;
  return { ...__thing__, ...key(__thing__Id), outbox: outbox({ subject: __thing__Id, sequence: version }, events) };
}

function to__Thing__({ pk, outbox, ...__thing__ }: __Thing__Item): __Thing__ {
  return __thing__;
}

import { type NewEvent, __Thing__Closed, type __Thing__Id, __Thing__Opened } from '@orderly/contracts';

/** OPEN -> CLOSED. Only the transitions below change it. */
export type __Thing__Status = 'OPEN' | 'CLOSED';

export interface __Thing__ {
  readonly __thing__Id: __Thing__Id;
  readonly status: __Thing__Status;
  /** Counts the changes; 1 when opened. */
  readonly version: number;
  readonly openedAt: string;
  readonly closedAt?: string;
}

/** The __thing__ after a change, and the events to publish. */
export interface Change {
  readonly outcome: 'changed';
  readonly __thing__: __Thing__;
  readonly events: readonly NewEvent[];
}

/** `unchanged` is a repeat. */
export type Outcome = Change | { readonly outcome: 'unchanged'; readonly __thing__: __Thing__ };

/** Begins __aThing__. */
export function open(__thing__Id: __Thing__Id, at: Date): Change {
  const openedAt = at.toISOString();
  return {
    outcome: 'changed',
    __thing__: { __thing__Id, status: 'OPEN', version: 1, openedAt },
    events: [__Thing__Opened.of({ __thing__Id, openedAt })],
  };
}

/** Ends __aThing__; no change can follow. */
export function close(__thing__: __Thing__, at: Date): Outcome {
  if (__thing__.status === 'CLOSED') return { outcome: 'unchanged', __thing__ };
  const closedAt = at.toISOString();
  const { __thing__Id, openedAt, version } = __thing__;
  return {
    outcome: 'changed',
    __thing__: { ...__thing__, status: 'CLOSED', version: version + 1, closedAt },
    events: [__Thing__Closed.of({ __thing__Id, openedAt, closedAt })],
  };
}

/** The __thing__ as it was when it was opened: the answer to a repeated request. */
export function asOpened({ __thing__Id, openedAt }: __Thing__): __Thing__ {
  return { __thing__Id, status: 'OPEN', version: 1, openedAt };
}

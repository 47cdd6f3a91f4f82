import * as v from 'valibot';
import { defineEvent } from './event.ts';
import { is__Thing__ClosedV1, is__Thing__OpenedV1 } from './exact-checks.ts';
import { anyText } from './limits.ts';
import { Timestamp } from './values.ts';

export const __Thing__Id = v.pipe(
  anyText('The id of __aThing__'),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/,
    'The id of __aThing__ is 1 to 128 letters, digits, ".", "_", ":" or "-", and begins with a letter or a digit',
  ),
  v.brand('__Thing__Id'),
  v.description('The id of __aThing__: that of what it is about.'),
);
export type __Thing__Id = v.InferOutput<typeof __Thing__Id>;

// esbuild drops an unused event only when the call that makes it is marked in this very file, and when no argument
// of it is a call.

/* @__NO_SIDE_EFFECTS__ */
const __thing__Event = <const Type extends string, const More extends v.ObjectEntries>(event: {
  readonly type: Type;
  readonly isExact: (event: unknown) => boolean;
  readonly description: string;
  /** Fields beside those that every __thing__ has. */
  readonly more: More;
}) =>
  defineEvent({
    topic: '__thing__-events',
    type: event.type,
    isExact: event.isExact,
    description: event.description,
    data: v.object({ __thing__Id: __Thing__Id, openedAt: Timestamp, ...event.more }),
  });

export const __Thing__Opened = __thing__Event({
  type: 'orderly.__thing__.opened.v1',
  isExact: is__Thing__OpenedV1,
  description: '__AThing__ was opened.',
  more: {},
});

export const __Thing__Closed = __thing__Event({
  type: 'orderly.__thing__.closed.v1',
  isExact: is__Thing__ClosedV1,
  description: '__AThing__ was closed. No further change follows.',
  more: { closedAt: Timestamp },
});

import type { CaseGroup } from './case.ts';
import { batches } from './cases/batches.ts';
import { capacity } from './cases/capacity.ts';
import { conditions } from './cases/conditions.ts';
import { indexes } from './cases/indexes.ts';
import { numbers } from './cases/numbers.ts';
import { projections } from './cases/projections.ts';
import { protocol } from './cases/protocol.ts';
import { puts } from './cases/puts.ts';
import { queries } from './cases/queries.ts';
import { scans } from './cases/scans.ts';
import { streams } from './cases/streams.ts';
import { tables } from './cases/tables.ts';
import { timeToLive } from './cases/time-to-live.ts';
import { transactions } from './cases/transactions.ts';
import { updates } from './cases/updates.ts';

/** Every case, by subject. */
export const ALL_CASES: readonly CaseGroup[] = [
  protocol,
  tables,
  puts,
  numbers,
  conditions,
  updates,
  projections,
  queries,
  scans,
  indexes,
  batches,
  transactions,
  streams,
  timeToLive,
  capacity,
];

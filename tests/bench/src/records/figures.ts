import type { Quartiles } from '@orderly/support/statistics';
import type { ContenderName } from './contenders.ts';

/** Microseconds of one record, by contender. */
export interface RecordFigures {
  readonly microseconds: Readonly<Record<ContenderName, Quartiles>>;
}

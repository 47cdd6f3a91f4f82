import { coldStart } from './cold-start/index.ts';
import { memory } from './memory/index.ts';
import { platform } from './platform/index.ts';
import { publisher } from './publisher/index.ts';
import { quotas } from './quotas/index.ts';
import { records } from './records/index.ts';

/** The parts of the benchmark, in the order in which they run. */
export const parts = { coldStart, memory, records, publisher, platform, quotas };

export type PartName = keyof typeof parts;

/** What one run measured, by part. */
export type Results = { readonly [Name in PartName]?: Awaited<ReturnType<(typeof parts)[Name]['measure']>> };

import type { Part } from '../part.ts';
import { partLimits } from './limits.ts';
import { type QuotaFigures, tables } from './tables.ts';

/** What each part of the platform takes on AWS, by arithmetic on AWS's quotas and on what `prod` is deployed with. */
export const quotas: Part<QuotaFigures> = {
  measure: async () => ({ limits: partLimits() }),
  tables,
  targets: () => [],
};

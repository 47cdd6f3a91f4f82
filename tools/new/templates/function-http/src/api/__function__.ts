import { Timestamp } from '@orderly/contracts';
import * as v from 'valibot';

__pathSchema__
/** What __function__ answers. */
export const __Function__Answer = v.object({ handledAt: Timestamp });

import type { Part } from '../part.ts';
import type { PlatformFigures } from './figures.ts';
import { measurePlatform } from './measure.ts';
import { plots } from './plots.ts';
import { tables } from './tables.ts';
import { targets } from './targets.ts';

export type { PlatformFigures } from './figures.ts';

/** The whole platform on one machine: from starting it to the load that it bears, and what the emulators alone bear. */
export const platform: Part<PlatformFigures> = { measure: measurePlatform, tables, targets, plots };

import { existsSync, readFileSync } from 'node:fs';
import type { Part } from '../part.ts';
import { published } from '../published.ts';
import type { SimulationFigures } from './figures.ts';
import { partLimits } from './limits.ts';
import { checkLocally } from './local-check.ts';
import type { Measured } from './local-parameters.ts';
import { plots } from './plots.ts';
import { predict } from './predict.ts';
import { scenariosFor } from './scenarios.ts';
import { tables, targets } from './tables.ts';

// What would happen on AWS at rates that no one machine makes, after a check of the method against the local platform.

/** Parts of the same run that this one builds on. */
interface Earlier {
  readonly platform?: Measured;
}

const rates = [10, 1000, 100_000] as const;
const SEED = 20_240_611;

/** @throws Error when the local platform was measured neither in this run nor for the published figures */
function measuredPlatform({ platform }: Earlier): Measured {
  if (platform !== undefined) return platform;
  if (existsSync(published)) {
    const { results } = JSON.parse(readFileSync(published, 'utf8')) as { readonly results: Earlier };
    if (results.platform !== undefined) return results.platform;
  }
  throw new Error(
    'The simulation is checked against the local platform: run its part, too, with --parts platform,simulation',
  );
}

export const simulation: Part<SimulationFigures, Earlier> = {
  measure: async ({ quick, say }, earlier) => {
    const local = checkLocally(measuredPlatform(earlier));
    const predictions = rates.flatMap((rate) =>
      scenariosFor(rate).map((scenario) => {
        say(`${rate} orders a second, ${scenario.name}`);
        return predict(rate, scenario, quick ? 12 : 60, SEED);
      }),
    );
    return { local, limits: partLimits(), predictions };
  },
  tables,
  targets,
  plots,
};

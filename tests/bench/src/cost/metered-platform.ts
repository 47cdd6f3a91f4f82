import { join } from 'node:path';
import { type OwnPlatform, startOwnPlatform } from '@orderly/support/platform';
import { Meter } from './meter.ts';

export interface MeteredPlatform extends OwnPlatform {
  readonly meter: Meter;
}

/** The whole local platform, beside any that runs, with a meter between its functions and the emulators. */
export async function startMeteredPlatform(): Promise<MeteredPlatform> {
  const meter = new Meter();
  const platform = await startOwnPlatform({
    stage: `cost${process.pid}`,
    log: meter.line,
    between: meter,
    env: {
      ORDERLY_CHANNEL: 'log',
      NODE_OPTIONS: `--require ${join(__dirname, 'function-hook.cjs')}`,
    },
  });
  return { ...platform, meter };
}

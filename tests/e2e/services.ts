import { closeSync, openSync } from 'node:fs';
import * as control from '@orderly/local/service-control';
import { logFile } from './function-log.ts';
import { localPlatform } from './platform.ts';

/** Ends a service's process at once, as a crash would. Its port is closed when this resolves. */
export const killService = (name: string): Promise<void> => control.killService(localPlatform(), name);

/** Starts a service as a user would, `sls offline` in its folder; it joins the running platform and ends with it. */
export async function startService(name: string): Promise<void> {
  const output = openSync(logFile, 'a');
  try {
    await control.startService(localPlatform().stage, name, { output });
  } finally {
    closeSync(output);
  }
}

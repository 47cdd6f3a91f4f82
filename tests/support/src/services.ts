import { closeSync, openSync } from 'node:fs';
import * as control from '@orderly/local/service-control';

/**
 * Starts a service as a user would, `sls offline` in its folder: it joins the running platform and ends with it.
 *
 * @param logFile gets what it prints, behind what is in there
 */
export async function startService(
  stage: string,
  name: string,
  { logFile, ...options }: Omit<control.StartOptions, 'output'> & { readonly logFile: string },
): Promise<void> {
  const output = openSync(logFile, 'a');
  try {
    await control.startService(stage, name, { ...options, output });
  } finally {
    closeSync(output);
  }
}

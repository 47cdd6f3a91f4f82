import * as control from '@orderly/local/service-control';
import * as services from '@orderly/support/services';
import { logFile } from './function-log.ts';
import { localPlatform } from './platform.ts';

/** Ends a service's process at once, as a crash would. Its port is closed when this resolves. */
export const killService = (name: string): Promise<void> => control.killService(localPlatform(), name);

/** Starts a service as a user would; it joins the running platform and ends with it. */
export const startService = (name: string): Promise<void> =>
  services.startService(localPlatform().stage, name, { logFile });

import type { AwsCall } from './call.ts';
import { TARGETS } from './protocol/client.ts';
import type { AwsService } from './protocol/service.ts';

const NEVER = new AbortController().signal;

/**
 * Calls services of this process, without a network and without copies: who is called may keep what it is given.
 * @param origin what queue URLs begin with
 */
export const callInProcess =
  (services: readonly AwsService[], origin: string): AwsCall =>
  async (name, operation, input, signal = NEVER) => {
    const target = TARGETS[name];
    const service = services.find(({ targets }) => targets.includes(target));
    if (!service) throw new Error(`There is no service for ${target} in this process.`);
    return service.call(target, operation, input, { signal, origin });
  };

import { cloudUnderTest } from '../cloud.ts';
import { linesWithAddresses } from '../function-log.ts';
import { comparePermissions } from '../privileges/least-privilege.ts';
import { grantedPermissions, usedPermissions } from '../privileges/permissions.ts';

/**
 * Stops the platform, and fails the run if an event that it published was not as its schema says, a line of its log
 * holds an e-mail address, or a function's role does not grant what it did; after the whole suite also if a role
 * grants what nothing needs.
 */
export default async function stop(): Promise<void> {
  try {
    const counts = await globalThis.publishedEvents?.finish();
    if (counts !== undefined) console.log('Published events, all valid by their JSON Schemas:', counts);
  } finally {
    await globalThis.platform?.stop();
  }
  if (globalThis.platform === undefined) return;
  const leaks = linesWithAddresses();
  if (leaks.length > 0) {
    throw new Error(`${leaks.length} log lines hold an e-mail address:\n${leaks.slice(0, 10).join('\n')}`);
  }
  // Roles are of AWS.
  if (cloudUnderTest() !== undefined) return;
  const { missing, unused } = comparePermissions(await grantedPermissions(), usedPermissions());
  if (missing.length > 0)
    throw new Error(`Functions did what their roles do not grant:\n${missing.join('\n')}`);
  if (process.env.ORDERLY_E2E_WHOLE && unused.length > 0)
    throw new Error(`Roles grant what no function needs:\n${unused.join('\n')}`);
}

import { type ShownContract, shownContracts, workingContracts } from './contract.ts';
import { writeFiles } from './files.ts';
import { brokenPromises, gateReport } from './gate.ts';
import { newReleases, readReleases } from './released.ts';
import { readSubscribers } from './subscribers.ts';

/**
 * Adds unreleased contracts to the released ones; edits and removes nothing.
 *
 * @param root the root of the repository
 * @returns the paths of the files that it has written
 * @throws Error with what the gate says, having written nothing, when a released contract would be broken
 */
export function release(root: string, working?: readonly ShownContract[]): readonly string[] {
  const releases = readReleases(root);
  const broken = brokenPromises(releases, working ?? workingContracts(), readSubscribers(root));
  if (broken.length > 0) throw new Error(gateReport(broken));
  const added = newReleases(releases, working ?? shownContracts());
  writeFiles(root, added);
  return added.map(({ path }) => path);
}

import { UsageFailure } from '../failure.ts';
import { capital } from '../names.ts';

/** CloudEvents: names of attributes should have at most 20 characters, and one is the platform's name with `replay`. */
const longest = 12;

/**
 * @throws UsageFailure for anything but a word that can be the scope of packages, the beginning of event types, stacks, tags,
 * environment variables and identifiers
 */
export function checkPlatformName(name: string): void {
  if (!/^[a-z][a-z0-9]+$/.test(name) || name.length > longest) {
    throw new UsageFailure(
      `The name of a platform is 2 to ${longest} lower-case letters and digits, a letter first; "${name}" is not`,
    );
  }
  // Tags and parameters: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
  // Buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  const [reserved] = /^(aws|ssm|sthree)/.exec(name) ?? [];
  if (reserved !== undefined) {
    throw new UsageFailure(
      `The name of a platform cannot begin with ${reserved}: AWS keeps such names to itself`,
    );
  }
}

/**
 * Whether a text has the name already, alone or at the beginning of an identifier: then the platform's own names could not be
 * told from those.
 */
export function usesName(text: string, name: string): boolean {
  const forms = [`${name}(?![a-z])`, `${capital(name)}(?![a-z])`, `${name.toUpperCase()}(?![A-Z])`];
  return new RegExp(`(?<![A-Za-z0-9])(?:${forms.join('|')})`).test(text);
}

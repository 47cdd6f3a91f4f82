import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './services.ts';

/** The version of this repository, which all of its commands have. */
export const readVersion = (): string => {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return version;
};

/** Prints the help or the version and ends the process, when an option asks for it. */
export const answerHelp = (usage: string, args: readonly string[] = process.argv.slice(2)): void => {
  const answer = args.some((arg) => arg === '--help' || arg === '-h')
    ? usage
    : args.some((arg) => arg === '--version' || arg === '-V')
      ? readVersion()
      : undefined;
  if (answer === undefined) return;
  process.stdout.write(`${answer}\n`);
  process.exit(0);
};

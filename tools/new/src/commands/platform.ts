import { resolve } from 'node:path';
import type { Command } from 'commander';
import { given, type Session } from '../session.ts';

export function addPlatformCommand(program: Command, session: Session): void {
  program
    .command('platform')
    .argument('[name]', 'its name, one word in lower case')
    .description('This repository under another name, in a folder of its own: a platform to begin with')
    .option('--to <folder>', 'where it goes: a folder that is not there yet, outside of this repository')
    .action(async (name: string | undefined, options: { readonly to?: string }) => {
      const asked = await given(session, name, '<name>', 'What is the platform called, in one word?');
      const folder = await given(session, options.to, '--to', 'Which folder does it go to?');
      const to = resolve(session.folder, folder);
      session.out(`Making ${asked} of this repository ...\n`);
      const files = await session.platform(asked, to);
      session.out(`created  ${to} (${files} files, one commit)\n\n${next(to)}`);
    });
}

const next = (to: string): string => `Next:
  cd ${to}
  npm ci && npm test
  npm start
Its docs/make-it-yours.md says what comes then.
`;

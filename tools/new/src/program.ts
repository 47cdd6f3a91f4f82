import { readVersion } from '@orderly/local/version';
import { Command } from 'commander';
import { addEventCommand } from './commands/event.ts';
import { addFunctionCommand } from './commands/function.ts';
import { addPlatformCommand } from './commands/platform.ts';
import { addServiceCommand } from './commands/service.ts';
import { addSubscriberCommand } from './commands/subscriber.ts';
import type { Session } from './session.ts';

/** The command line of `npm run new`, all of it. */
export function createProgram(session: Session): Command {
  const program = new Command('new')
    .usage('-- <what> ...')
    .description('Generates a part of the platform, ready to run, to test and to deploy.')
    .version(readVersion())
    .configureOutput({ writeOut: session.out, writeErr: session.err })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Add --help to see what there is.')
    .exitOverride()
    .addHelpText('after', exitCodes);
  addServiceCommand(program, session);
  addEventCommand(program, session);
  addFunctionCommand(program, session);
  addSubscriberCommand(program, session);
  addPlatformCommand(program, session);
  return program;
}

const exitCodes = `
Exit code 0: generated; 1: it failed; 2: the command line is wrong. Nothing is written unless all is.`;

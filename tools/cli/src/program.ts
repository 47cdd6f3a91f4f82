import { readVersion } from '@orderly/local/version';
import { Command } from 'commander';
import { addConsoleCommand } from './commands/console.ts';
import { addDlqCommands } from './commands/dlq.ts';
import { addForgetCommand } from './commands/forget.ts';
import { addNotificationsCommands } from './commands/notifications.ts';
import { addReplayCommand } from './commands/replay.ts';
import { addTopologyCommand } from './commands/topology.ts';
import { addTraceCommand } from './commands/trace.ts';
import { addGlobalOptions } from './global-options.ts';
import type { Streams } from './output.ts';
import type { Run } from './session.ts';

/** The command line of `orderly`, all of it. */
export function createProgram({ out, err }: Streams, run: Run): Command {
  const program = new Command('orderly')
    .description('Shows what waits, what failed and why, and puts it back: on the local platform and on AWS.')
    .version(readVersion())
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: out,
      writeErr: err,
      outputError: (text, write) => write(text.replace(/^error:/, 'orderly:')),
    })
    .showHelpAfterError('Add --help to see what there is.')
    .exitOverride()
    .addHelpText('after', exitCodes);
  addGlobalOptions(program);
  addDlqCommands(program, run);
  addTopologyCommand(program, run);
  addReplayCommand(program, run);
  addTraceCommand(program, run);
  addNotificationsCommands(program, run);
  addForgetCommand(program, run);
  addConsoleCommand(program, run);
  return program;
}

const exitCodes = `
Exit code 0: done; 1: it failed, or only a part was done, the output says what; 2: the command line is wrong;
130: stopped with Ctrl-C.`;

import { once } from 'node:events';
import { startConsole } from '@orderly/console/server';
import { findPlatform } from '@orderly/local/platform-record';
import type { Command } from 'commander';
import { Failure } from '../failure.ts';
import { type GlobalOptions, integer } from '../global-options.ts';
import type { Run } from '../session.ts';
import { readTopology } from '../topology/topology.ts';

interface ConsoleOptions {
  readonly port: number;
  readonly allowChanges?: true;
}

export function addConsoleCommand(program: Command, run: Run): void {
  program
    .command('console')
    .description(
      'serves a page that shows the stage, until Ctrl-C; npm start serves that of the local platform',
    )
    .option('--port <n>', 'its port on 127.0.0.1', integer(1, 65_535), 3000)
    .option('--allow-changes', 'lets the page redrive, drop and replay; without it, it only reads')
    .action(({ port, allowChanges }: ConsoleOptions, command: Command) =>
      run(command, async (session) => {
        assertNotServed(command.optsWithGlobals<GlobalOptions>());
        // A stage that is not there fails here and not on the page.
        await readTopology(session);
        const { stage, target, signal } = session;
        const canChange = allowChanges ?? false;
        const console = await startConsole({ stage, target, canChange }, port);
        session.result({ url: console.url, canChange }, `The console of stage ${stage}: ${console.url}`);
        if (!signal.aborted) await once(signal, 'abort');
        await console.stop();
      }),
    )
    .addHelpText('after', notes);
}

const notes = `
On AWS an open page asks each half minute: some 40 SQS requests and 15 CloudWatch metrics, about two cents an hour. E-mail
addresses are masked. What only the local platform records (the log of events, functions, traces) is not there.`;

/** @throws Failure when `npm start` serves a better one */
function assertNotServed({ stage, aws, endpoint }: GlobalOptions): void {
  const url = aws || endpoint !== undefined ? undefined : findPlatform(stage)?.console;
  if (url !== undefined)
    throw new Failure(`The local platform of the stage ${stage} serves its console itself: ${url}`);
}

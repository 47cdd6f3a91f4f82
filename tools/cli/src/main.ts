import { setMaxListeners } from 'node:events';
import { CommanderError } from 'commander';
import { describeError, UsageFailure } from './failure.ts';
import type { Streams } from './output.ts';
import { createProgram } from './program.ts';
import { runInSession } from './session.ts';

const processStreams: Streams = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  interactive: process.stderr.isTTY ?? false,
};

// A reader that has gone, as that of `orderly topology | head`, ends nothing that was begun.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/**
 * Runs one command line.
 *
 * @param args what follows the program's name
 * @returns the exit code
 */
export async function main(args: readonly string[], streams = processStreams): Promise<number> {
  const stop = new AbortController();
  // Every request in flight may listen to it; that is no leak.
  setMaxListeners(0, stop.signal);
  const interrupt = () => stop.abort(new Error('Interrupted'));
  // Once: a second Ctrl-C ends the process at once.
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await createProgram(streams, runInSession(streams, stop.signal)).parseAsync(args, { from: 'user' });
    return stop.signal.aborted ? 130 : 0;
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (stop.signal.aborted) return 130;
    streams.err(`orderly: ${describeError(error)}\n`);
    return error instanceof UsageFailure ? 2 : 1;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

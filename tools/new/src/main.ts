import { CommanderError } from 'commander';
import { Failure, UsageFailure } from './failure.ts';
import { createProgram } from './program.ts';
import { processSession, type Session } from './session.ts';

/**
 * Runs one command line of `npm run new`.
 *
 * @param args what follows the program's name
 * @returns the exit code
 */
export async function main(args: readonly string[], session: Session = processSession()): Promise<number> {
  try {
    await createProgram(session).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const ours = error instanceof Failure || error instanceof UsageFailure;
    session.err(`new: ${ours ? error.message : Object(error).stack}\n`);
    return error instanceof UsageFailure ? 2 : 1;
  }
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}

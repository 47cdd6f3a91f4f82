import { type Command, CommanderError } from 'commander';

/** A command line that cannot be done as it is: the message names the input at fault. Exit code 2. */
export class UsageFailure extends Error {
  override readonly name = 'UsageFailure';
}

/**
 * Runs one command line.
 *
 * @param args what follows the program's name
 * @param err gets what went wrong, in a sentence
 * @returns the exit code: 0, 1 where it failed, 2 for a command line that is wrong
 */
export async function runCommand(
  program: Command,
  args: readonly string[],
  err: (text: string) => void,
): Promise<number> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    err(`${program.name()}: ${Object(error).message ?? error}\n`);
    return error instanceof UsageFailure ? 2 : 1;
  }
}

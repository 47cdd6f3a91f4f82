import { CommanderError } from 'commander';
import { createProgram, type Session, UsageFailure } from './program.ts';

/**
 * Runs one command line of `npm run package:cloud`.
 *
 * @param args what follows the program's name
 * @returns the exit code
 */
export async function main(args: readonly string[], session: Session): Promise<number> {
  try {
    await createProgram(session).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    session.err(`package:cloud: ${Object(error).message ?? error}\n`);
    return error instanceof UsageFailure ? 2 : 1;
  }
}

if (require.main === module) {
  const session: Session = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    // npm runs scripts at the root.
    folder: process.env.INIT_CWD ?? process.cwd(),
  };
  void main(process.argv.slice(2), session).then((code) => {
    process.exitCode = code;
  });
}

import { runCommand } from '../run-command.ts';
import { createProgram, type Session } from './program.ts';

/**
 * Runs one command line of `npm run migrate:cloud`.
 *
 * @param args what follows the program's name
 * @returns the exit code
 */
export const main = (args: readonly string[], session: Session): Promise<number> =>
  runCommand(createProgram(session), args, session.err);

if (require.main === module) {
  const session: Session = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    databaseUrl: process.env.DATABASE_URL,
  };
  void main(process.argv.slice(2), session).then((code) => {
    process.exitCode = code;
  });
}

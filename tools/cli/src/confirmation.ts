import { createInterface } from 'node:readline/promises';
import { Failure, UsageFailure } from './failure.ts';
import type { Session } from './session.ts';

/**
 * Asks before something is done for good.
 *
 * @param advice what to do where nobody can be asked
 * @throws UsageFailure there; Failure when the answer is no
 */
export async function confirm(
  { signal }: Pick<Session, 'signal'>,
  question: string,
  advice: string,
): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new UsageFailure(advice);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('Nothing was changed.');
  } finally {
    terminal.close();
  }
}

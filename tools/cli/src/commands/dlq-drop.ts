import type { Command } from 'commander';
import { confirm } from '../confirmation.ts';
import { type Dropped, drop } from '../dead-letters/drop.ts';
import { describeShown } from '../dead-letters/showing.ts';
import { Failure } from '../failure.ts';
import { plural } from '../plural.ts';
import type { Run } from '../session.ts';
import {
  addSelectionOptions,
  assertFound,
  queueHelp,
  type SelectionOptions,
  selectionOf,
} from './dlq-selection.ts';

interface DropCommandOptions extends SelectionOptions {
  readonly yes?: true;
  readonly save?: string;
}

export function addDropCommand(dlq: Command, run: Run): void {
  const command = dlq
    .command('drop')
    .description('removes dead letters for good, and says what they were')
    .argument('[queue]', queueHelp);
  addSelectionOptions(command)
    .option('--yes', 'do not ask')
    .option('--save <file>', 'add them to this file first, whole, a line of JSON each')
    .action((queue: string | undefined, options: DropCommandOptions, command: Command) => {
      const selection = selectionOf(options);
      return run(command, async (session) => {
        if (options.yes === undefined && !session.dryRun) {
          const what = queue ?? `every dead-letter queue of stage ${session.stage}`;
          await confirm(
            session,
            `Drop what is selected of ${what}, for good?`,
            'Dropped messages are gone: add --yes, and --save <file> to keep a copy.',
          );
        }
        const dropped = await drop(session, { queue, selection, save: options.save });
        session.result(dropped, describeDropped(dropped, session.dryRun));
        session.signal.throwIfAborted();
        assertFound(
          selection,
          dropped.flatMap(({ letters }) => letters.map(({ messageId }) => messageId)),
        );
        assertWhole(dropped);
      });
    });
}

function describeDropped(dropped: readonly Dropped[], dryRun: boolean): string {
  const count = dropped.reduce((total, { letters }) => total + letters.length, 0);
  if (count === 0) return 'Nothing to drop.';
  const shown = dropped.map(({ queue, letters }) => ({ queue, letters, notSeen: 0 }));
  return `${describeShown(shown)}\n\n${dryRun ? 'Would drop' : 'Dropped'} ${plural(count, 'message')}.`;
}

function assertWhole(dropped: readonly Dropped[]): void {
  const left = dropped.reduce((total, { notRemoved }) => total + notRemoved, 0);
  if (left > 0) throw new Failure(`SQS did not remove ${left} of the messages; drop them again.`);
}

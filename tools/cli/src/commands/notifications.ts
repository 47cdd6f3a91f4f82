import type { Command } from 'commander';
import { confirm } from '../confirmation.ts';
import { Failure } from '../failure.ts';
import { type RetriedNotification, type RetryOutcome, retryNotifications } from '../notifications/retry.ts';
import { toTable } from '../output.ts';
import type { Run } from '../session.ts';

interface RetryCommandOptions {
  readonly order?: string;
  readonly yes?: true;
}

export function addNotificationsCommands(program: Command, run: Run): void {
  program
    .command('notifications')
    .description('messages to customers')
    .command('retry')
    .description('sends failed notifications again; with --dry-run it lists them, with their reasons')
    .option('--order <id>', 'only those about this order')
    .option('--yes', 'do not ask')
    .action(({ order, yes }: RetryCommandOptions, command: Command) =>
      run(command, async (session) => {
        if (yes === undefined && !session.dryRun) {
          await confirm(
            session,
            `Send failed notifications of ${order === undefined ? `stage ${session.stage}` : `order ${order}`} again?`,
            'Customers get these messages: add --yes, or --dry-run to see which.',
          );
        }
        const retried = await retryNotifications(session, order);
        session.result(retried, describeRetried(retried, session.dryRun));
        session.signal.throwIfAborted();
        const refused = retried.filter(({ outcome }) => outcome === 'refused').length;
        if (refused > 0) throw new Failure(`Not sent: ${refused}; the queue refuses the events.`);
      }),
    )
    .addHelpText('after', notes);
}

const notes = `
A message goes out only while its order is still in the state that it is about; one about an earlier state stays FAILED.
Mend the cause first: what the mail provider refuses again is FAILED again.`;

function describeRetried(retried: readonly RetriedNotification[], dryRun: boolean): string {
  if (retried.length === 0) return 'No notification has failed.';
  const outcomes: Readonly<Record<RetryOutcome, string>> = {
    retried: dryRun ? 'would be retried' : 'retried',
    outdated: 'left: the order has moved on',
    erased: "left: the customer's address is erased",
    changed: 'left: it has changed meanwhile',
    refused: 'refused by the queue',
  };
  return toTable(
    ['Notification', 'Outcome', 'Reason'],
    retried.map(({ notificationId, outcome, reason }) => [notificationId, outcomes[outcome], reason ?? '-']),
  );
}

import type { Command } from 'commander';
import { describeListing, listDeadLetters } from '../dead-letters/listing.ts';
import { describeShown, showDeadLetters } from '../dead-letters/showing.ts';
import { integer } from '../global-options.ts';
import type { Run } from '../session.ts';
import { describeStuck, findStuckTopics } from '../topology/stuck-topics.ts';
import { addDropCommand } from './dlq-drop.ts';
import { addRedriveCommand } from './dlq-redrive.ts';
import { queueHelp } from './dlq-selection.ts';

export function addDlqCommands(program: Command, run: Run): void {
  const dlq = program
    .command('dlq')
    .description('dead letters: what consumers, subscriptions and streams could not take');
  addListCommand(dlq, run);
  addShowCommand(dlq, run);
  addRedriveCommand(dlq, run);
  addDropCommand(dlq, run);
}

function addListCommand(dlq: Command, run: Run): void {
  dlq
    .command('list')
    .description('every dead-letter queue and how much is in it')
    .action((_options: object, command: Command) =>
      run(command, async (session) => {
        const queues = await listDeadLetters(session);
        const stuck = describeStuck(await findStuckTopics(session));
        session.result(queues, [describeListing(queues), ...stuck].join('\n'));
      }),
    );
}

function addShowCommand(dlq: Command, run: Run): void {
  dlq
    .command('show')
    .description('the dead letters: event, reason, first failure, receive count; changes nothing')
    .argument('[queue]', queueHelp)
    .option('--limit <n>', 'messages of each queue, at most', integer(1, 10_000), 100)
    .action((queue: string | undefined, { limit }: { limit: number }, command: Command) =>
      run(command, async (session) => {
        const shown = await showDeadLetters(session, queue, limit);
        session.result(shown, describeShown(shown));
      }),
    )
    .addHelpText('after', showNotes);
}

const showNotes = `
A FIFO queue shows nothing of a group behind the messages of it that are being looked at, so of each group only the
first few are seen; the rest is counted. While this runs, nobody else can receive what it looks at. With --json the
messages are shown whole.`;

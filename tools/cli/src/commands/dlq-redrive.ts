import { type Command, InvalidArgumentError } from 'commander';
import { type Redriven, redrive } from '../dead-letters/redrive.ts';
import { Failure, UsageFailure } from '../failure.ts';
import { integer } from '../global-options.ts';
import { plural } from '../plural.ts';
import type { Run } from '../session.ts';
import {
  addSelectionOptions,
  assertFound,
  queueHelp,
  type SelectionOptions,
  selectionOf,
} from './dlq-selection.ts';

interface RedriveCommandOptions extends SelectionOptions {
  readonly rate?: number;
  readonly to?: string;
  readonly extraSubscription?: readonly string[];
}

export function addRedriveCommand(dlq: Command, run: Run): void {
  const command = dlq
    .command('redrive')
    .description('puts dead letters back where they were meant to go')
    .argument('[queue]', queueHelp);
  addSelectionOptions(command)
    // The most that SQS moves by itself (MaxNumberOfMessagesPerSecond of StartMessageMoveTask).
    .option('--rate <n>', 'messages per second, at most', integer(1, 500))
    .option('--to <queue>', 'another queue to put them into, by name or URL')
    .option(
      '--extra-subscription <url>',
      'a subscription in another account, for the events of stream records; may be repeated',
      queueUrls,
    )
    .action((queue: string | undefined, options: RedriveCommandOptions, command: Command) => {
      const selection = selectionOf(options);
      if (options.to !== undefined && queue === undefined) {
        throw new UsageFailure("option '--to' needs the name of the one dead-letter queue that is meant");
      }
      return run(command, async (session) => {
        const { rate, to, extraSubscription: extraSubscriptions = [] } = options;
        const redriven = await redrive(session, { queue, selection, rate, to, extraSubscriptions });
        session.result(redriven, describeRedriven(redriven, session.dryRun));
        session.signal.throwIfAborted();
        assertFound(
          selection,
          redriven.flatMap(({ messages, unsent }) => [
            ...messages,
            ...unsent.map(({ messageId }) => messageId),
          ]),
        );
        assertWhole(redriven);
      });
    })
    .addHelpText('after', notes);
}

function queueUrls(value: string, before: readonly string[] = []): readonly string[] {
  if (URL.canParse(value)) return [...before, value];
  throw new InvalidArgumentError('It must be the URL of a queue.');
}

const notes = `
Dead letters of a consumer go back to its queue; parked events go to the subscription that refused them; the records at
a stream position are read, and their events are published again to the present subscriptions. Each message is sent
before it is removed: after an interruption it may come twice, and is never lost. Messages that arrive in the meantime
stay. Remove the cause first, or the messages will soon be back.`;

function describeRedriven(redriven: readonly Redriven[], dryRun: boolean): string {
  const shown = redriven.filter(({ moved, held, unsent }) => moved + held + unsent.length > 0);
  if (shown.length === 0) return 'No dead letters.';
  return shown.map((queue) => describeQueue(queue, dryRun).join('\n')).join('\n');
}

function describeQueue({ queue, moved, held, unsent, notRemoved }: Redriven, dryRun: boolean): string[] {
  const result = dryRun
    ? `would put back ${moved} that can be seen now, of ${held}`
    : `put back ${moved} of ${held}`;
  const twice = notRemoved === 0 ? [] : [`  ${notRemoved} were sent and are still there, too`];
  return [
    `${queue}: ${result}`,
    ...unsent.map(({ messageId, reason }) => `  not ${messageId}: ${reason}`),
    ...twice,
  ];
}

function assertWhole(redriven: readonly Redriven[]): void {
  const left = redriven.reduce((total, { unsent, notRemoved }) => total + unsent.length + notRemoved, 0);
  if (left > 0) throw new Failure(`${plural(left, 'message')} left in dead-letter queues.`);
}

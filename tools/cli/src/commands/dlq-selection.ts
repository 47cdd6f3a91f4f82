import { type Command, Option } from 'commander';
import type { Selection } from '../dead-letters/selection.ts';
import { Failure, UsageFailure } from '../failure.ts';
import { repeated } from '../global-options.ts';

/** How a queue is named on the command line. */
export const queueHelp =
  'a dead-letter queue, by its name or without stage and suffix, e.g. order-events--inventory (default: all)';

export interface SelectionOptions {
  readonly message?: readonly string[];
  readonly all?: true;
  readonly subscription?: string;
}

export function addSelectionOptions(command: Command): Command {
  return command
    .option('--message <id>', 'the message with this id; may be repeated', repeated)
    .addOption(new Option('--all', 'every message').conflicts('message'))
    .option(
      '--subscription <consumer>',
      'only messages for this consumer, e.g. inventory: its own dead letters, and events parked for it',
    );
}

/** @throws UsageFailure when no option selects messages */
export function selectionOf({ message, all, subscription }: SelectionOptions): Selection {
  if (message === undefined && all === undefined) {
    throw new UsageFailure('Name the messages with --message <id>, or take --all.');
  }
  return { messages: message, subscription };
}

/** @throws Failure that names the selected messages that were not seen */
export function assertFound({ messages = [] }: Selection, seen: readonly string[]): void {
  const missing = messages.filter((id) => !seen.includes(id));
  if (missing.length === 0) return;
  throw new Failure(
    `Not found: ${missing.join(', ')}. It is not there, or behind other messages of its group: those come first.`,
  );
}

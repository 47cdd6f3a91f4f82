import type { Command } from 'commander';
import type { Run } from '../session.ts';

export function addDlqCommands(program: Command, run: Run): void {
  const dlq = program.command('dlq').description('the dead-letter queues of a stage');
  dlq
    .command('list')
    .description('the queues and how much is in each')
    .action((_options: object, command: Command) => run(command, async () => {}));
}

import type { Command } from 'commander';
import type { Run } from '../session.ts';

export function addTopologyCommand(program: Command, run: Run): void {
  program
    .command('topology')
    .description('topics, their subscriptions, and what waits in each')
    .action((_options: object, command: Command) => run(command, async () => {}));
}

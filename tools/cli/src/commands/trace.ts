import type { Command } from 'commander';
import type { Run } from '../session.ts';
import { describeTrace, trace } from '../trace/trace.ts';

export function addTraceCommand(program: Command, run: Run): void {
  program
    .command('trace')
    .description('the history of one order across the services, and what is odd about it')
    .argument('<orderId>', 'the id of the order')
    .option('--dead-letters', 'look through the dead-letter queues for it, too')
    .action((orderId: string, { deadLetters }: { deadLetters?: true }, command: Command) =>
      run(command, async (session) => {
        const traced = await trace(session, orderId, deadLetters ?? false);
        session.result(traced, describeTrace(traced));
      }),
    )
    .addHelpText('after', notes);
}

const notes = `
The tables hold the times of all states of an order, and the latest state and event of its reservation and of each of
its notifications. Addresses of customers are masked.`;

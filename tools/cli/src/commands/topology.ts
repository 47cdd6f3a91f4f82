import type { Command } from 'commander';
import { UsageFailure } from '../failure.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Run } from '../session.ts';
import { readTopology } from '../topology/topology.ts';
import { topologyMermaid } from '../topology/topology-mermaid.ts';
import { topologyTable } from '../topology/topology-table.ts';

export function addTopologyCommand(program: Command, run: Run): void {
  program
    .command('topology')
    .description('topics, who publishes and who subscribes, what waits, and the dead letters of each')
    .option('--mermaid', 'print a Mermaid flowchart')
    .action(({ mermaid }: { mermaid?: true }, command: Command) => {
      if (mermaid && command.optsWithGlobals<GlobalOptions>().json) {
        throw new UsageFailure("option '--mermaid' cannot be used with option '--json'");
      }
      return run(command, async (session) => {
        const topology = await readTopology(session);
        session.result(topology, mermaid ? topologyMermaid(topology) : topologyTable(topology));
      });
    })
    .addHelpText('after', notes);
}

const notes = `
How long the oldest message has waited is what CloudWatch measures, so it is known on AWS only. Subscriptions in other
accounts are not seen.`;

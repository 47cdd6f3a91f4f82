import type { Command } from 'commander';
import { planService } from '../service.ts';
import { carryOut, given, type Session } from '../session.ts';
import { listed } from './listed.ts';

export function addServiceCommand(program: Command, session: Session): void {
  program
    .command('service')
    .argument('[name]', 'its name, in the plural: payments, gift-cards')
    .description('A service with one aggregate, its table, two routes, a consumer, a topic and tests')
    .option('--aggregate <noun>', 'what it owns, in the singular; by default from its name')
    .option('--topic <topic>', 'the topic that it subscribes to; by default that of the first service')
    .option(
      '--events <names>',
      'its events there, with commas; by default what cancels, else the last one',
      listed,
    )
    .action(async (name: string | undefined, options: Options) => {
      const asked = await given(
        session,
        name,
        '<name>',
        'What is the service called, in the plural (payments)?',
      );
      await carryOut(session, planService(session.repository(), { name: asked, ...options }));
    });
}

interface Options {
  readonly aggregate?: string;
  readonly topic?: string;
  readonly events?: readonly string[];
}

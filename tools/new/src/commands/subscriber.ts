import type { Command } from 'commander';
import { carryOut, given, type Session } from '../session.ts';
import { planSubscriber } from '../subscriber.ts';
import { listed } from './listed.ts';

export function addSubscriberCommand(program: Command, session: Session): void {
  program
    .command('subscriber')
    .argument('[name]', 'its name: billing')
    .description('A small project that subscribes to events, as another team has it')
    .option('--events <names>', 'the events that it subscribes to, with commas', listed)
    .option('--to <folder>', 'where it goes, also outside of the repository; by default examples/<name>')
    .option('--kind <kind>', 'lambda or process', 'lambda')
    .action(async (name: string | undefined, { events, ...options }: Options) => {
      const called = await given(session, name, '<name>', 'What is the subscriber called (billing)?');
      const wanted = await given(
        session,
        events?.join(','),
        '--events',
        'Which events does it subscribe to (OrderConfirmed,OrderCancelled)?',
      );
      // npm runs scripts in the repository's root and says where it was called.
      const asked = { name: called, events: listed(wanted), ...options };
      await carryOut(session, planSubscriber(session.repository(), asked, session.folder));
    });
}

interface Options {
  readonly events?: readonly string[];
  readonly to?: string;
  readonly kind?: string;
}

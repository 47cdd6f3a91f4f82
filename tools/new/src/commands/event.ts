import type { Command } from 'commander';
import { planEvent } from '../event.ts';
import { carryOut, given, type Session } from '../session.ts';

export function addEventCommand(program: Command, session: Session): void {
  program
    .command('event')
    .argument('[service]', 'the service that publishes it')
    .argument('[name]', 'the aggregate and what happened to it: OrderPaid')
    .description('An event of a service: definition, sample and documents')
    .option('--description <sentence>', 'what it means; by default from its name')
    .option('--release', 'release its schema, so that the contract gate protects it')
    .action(async (service: string | undefined, name: string | undefined, options: Options) => {
      const publisher = await given(session, service, '<service>', 'Which service publishes it?');
      const event = await given(session, name, '<name>', 'What is the event called (OrderPaid)?');
      await carryOut(
        session,
        planEvent(session.repository(), { service: publisher, name: event, ...options }),
      );
    });
}

interface Options {
  readonly description?: string;
  readonly release?: boolean;
}

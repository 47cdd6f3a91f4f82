import type { Command } from 'commander';
import { planFunction } from '../function.ts';
import { carryOut, given, type Session } from '../session.ts';
import { listed } from './listed.ts';

export function addFunctionCommand(program: Command, session: Session): void {
  program
    .command('function')
    .argument('[service]', 'the service that it belongs to')
    .argument('[name]', 'its name: refund-order')
    .description('A function of a service, with its test; a route with its description')
    .option('--http <route>', 'the route that it answers: "POST /orders/{orderId}/refund"')
    .option('--topic <topic>', 'the topic that it consumes: order-events')
    .option('--schedule <schedule>', 'when it runs: "rate(5 minutes)"')
    .option('--events <names>', 'the events of the topic, with commas; by default all', listed)
    .option(
      '--scopes <scopes>',
      'the scopes of the route, with commas; by default those of a similar route',
      listed,
    )
    .action(async (service: string | undefined, name: string | undefined, options: Options) => {
      const owner = await given(session, service, '<service>', 'Which service does it belong to?');
      const called = await given(session, name, '<name>', 'What is the function called (refund-order)?');
      const { http, topic, schedule } = options;
      const trigger = http ?? topic ?? schedule ?? (await askTrigger(session));
      const asked =
        http === undefined && topic === undefined && schedule === undefined ? triggerOf(trigger) : {};
      await carryOut(
        session,
        planFunction(session.repository(), { service: owner, name: called, ...options, ...asked }),
      );
    });
}

interface Options {
  readonly http?: string;
  readonly topic?: string;
  readonly schedule?: string;
  readonly events?: readonly string[];
  readonly scopes?: readonly string[];
}

const askTrigger = (session: Session): Promise<string> =>
  given(
    session,
    undefined,
    '--http, --topic or --schedule',
    'What calls it: a route (POST /orders/{orderId}/refund), a topic (order-events) or a schedule (rate(5 minutes))?',
  );

/** Which of the three an answer is. */
function triggerOf(text: string): Options {
  if (/^(rate|cron)\(/.test(text)) return { schedule: text };
  return /\s/.test(text) ? { http: text } : { topic: text };
}

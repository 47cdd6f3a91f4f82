import type { Command } from 'commander';
import { confirm } from '../confirmation.ts';
import { Failure } from '../failure.ts';
import { type ErasedCustomer, forget } from '../forget/forget.ts';
import { plural } from '../plural.ts';
import type { Run } from '../session.ts';

export function addForgetCommand(program: Command, run: Run): void {
  program
    .command('forget')
    .description(
      "erases a customer's address from orders, notifications, webhook deliveries and dead letters, for good",
    )
    .argument('<customerId>', 'the id of the customer, as orders have it')
    .option('--yes', 'do not ask')
    .action((customerId: string, { yes }: { yes?: true }, command: Command) =>
      run(command, async (session) => {
        if (yes === undefined && !session.dryRun) {
          await confirm(
            session,
            `Erase the address of customer ${customerId} on stage ${session.stage}, for good?`,
            'What is erased is gone: add --yes, or --dry-run to see what there is.',
          );
        }
        const report = await forget(session, customerId);
        session.result(report, describeErased(report, session.dryRun));
        session.signal.throwIfAborted();
        assertFound(report);
        if (!session.dryRun) assertWhole(report);
      }),
    )
    .addHelpText('after', notes);
}

const notes = `
Orders, totals and stock stay, under the customer's id. Orders that are PLACED or CONFIRMED keep the address until they
are final: then repeat this. What is on its way to subscribers is not seen; docs/personal-data.md says when to repeat it.`;

function describeErased(report: ErasedCustomer, dryRun: boolean): string {
  const { orders, erased, open, notifications, deliveries, deadLetters, waiting } = report;
  const did = dryRun ? 'would be erased' : 'erased';
  return [
    `${erased.length} of ${plural(orders, 'order')} ${did}`,
    `${plural(notifications, 'notification')} ${did}`,
    `${plural(deliveries, 'webhook delivery', 'webhook deliveries')} ${did}`,
    ...deadLetters.flatMap(({ queue, erased, unsent }) => [
      `${plural(erased, 'dead letter')} of ${queue} ${did}`,
      ...unsent.map(({ messageId, reason }) => `  not ${messageId}: ${reason}`),
    ]),
    ...open.map(
      (orderId) =>
        `order ${orderId} is not final: it keeps the address until it is shipped or cancelled (POST /orders/${orderId}/cancel)`,
    ),
    ...waiting.map(
      ({ queue, messages }) => `${plural(messages, 'message')} in ${queue}, perhaps with the address`,
    ),
  ].join('\n');
}

function assertFound({ customerId, orders, deadLetters }: ErasedCustomer): void {
  if (orders === 0 && deadLetters.every(({ erased }) => erased === 0)) {
    throw new Failure(`There is nothing of a customer ${customerId} here. Ids are told apart by case.`);
  }
}

function assertWhole({ open, changed, deadLetters }: ErasedCustomer): void {
  const letters = deadLetters.reduce(
    (sum, { unsent, notRemoved, held }) => sum + unsent.length + notRemoved + held,
    0,
  );
  const left = [
    ...(open.length > 0 ? [`${plural(open.length, 'order')} not final: ship or cancel first`] : []),
    ...(changed > 0
      ? [
          `${plural(changed, 'order, notification or delivery', 'orders, notifications or deliveries')} changed meanwhile`,
        ]
      : []),
    ...(letters > 0
      ? [`${plural(letters, 'dead letter')} not erased, or not seen because somebody holds them`]
      : []),
  ];
  if (left.length > 0) throw new Failure(`Not all is erased: ${left.join('; ')}. Repeat this afterwards.`);
}

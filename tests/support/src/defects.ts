import type { Fate } from './plan.ts';
import type { Harm } from './verdict.ts';

/** A mistake that somebody could make: one place in the sources, changed. */
export interface Defect {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly replace: string;
  readonly by: string;
  /** What the suite finds, among other things. */
  readonly harm: Harm;
  /** Faults that bring it to light sooner; see `RunOptions.rates`. */
  readonly rates?: Readonly<Record<string, number>>;
  /** What its customer does with every order, where that brings it to light. */
  readonly fate?: Fate;
  /** Milliseconds without progress until the run ends, where it takes long to come to light. */
  readonly stallMs?: number;
  /** What happens to the platform during the load; see `RunOptions.incidents`. Nothing where it is undefined. */
  readonly incidents?: readonly string[];
}

export const defects: readonly Defect[] = [
  {
    name: 'an unguarded status write',
    file: 'services/orders/src/adapters/order-table.ts',
    replace: 'toItem(outcome, item.requestHash), atVersion(item.version))',
    by: "toItem(outcome, item.requestHash), { expression: 'attribute_exists(pk)' })",
    harm: 'doubled',
    rates: { 'slow answer': 2 },
    fate: 'shipped and cancelled at the same time',
  },
  {
    name: 'outbox not removed on a stock update',
    file: 'services/inventory/src/adapters/product-table.ts',
    replace: ' REMOVE outbox`',
    by: '`',
    harm: 'doubled',
  },
  {
    name: 'unchecked batch answers',
    file: 'shared/functions/src/messaging/send.ts',
    replace: 'return refusedEntries(messages, Successful ?? [], Failed ?? []);',
    by: 'return refusedEntries(messages, messages.map((_, n) => ({ Id: String(n) })) as never, []);',
    harm: 'lost',
    rates: { 'partial answer of SendMessageBatch': 4 },
  },
  {
    name: 'a publisher that swallows errors',
    file: 'shared/functions/src/messaging/send.ts',
    replace: 'return new Map(messages.map((message) => [message, refusal]));',
    by: 'return new Map(messages.slice(0, 0).map((message) => [message, refusal]));',
    harm: 'lost',
    rates: { 'SQS throttles': 4, 'SQS fails (500)': 4 },
  },
  {
    // Two events of an order have to meet in a batch: both wait in the stream while its publisher is stopped.
    name: 'a missing FIFO group stop',
    file: 'shared/functions/src/messaging/delivery.ts',
    replace: '      this.#held.add(message.group);\n',
    by: '',
    harm: 'out of order',
    rates: { 'partial answer of SendMessageBatch': 4 },
    fate: 'cancelled at once',
    incidents: ['publisher stopped'],
  },
  {
    name: 'a consumer that acknowledges before writing',
    file: 'shared/functions/src/messaging/consume.ts',
    replace: 'await reaction.handle(event, invocation);',
    by: 'Promise.resolve(reaction.handle(event, invocation)).catch(() => undefined);',
    harm: 'lost',
    rates: { 'DynamoDB throttles': 6, 'killed before the write': 15 },
  },
  {
    name: 'a reservation that is not all or nothing',
    file: 'services/inventory/src/adapters/coalesced-reservations.ts',
    replace: 'const result = await transact([...puts, ...moves], { remainingMs });',
    by: `let result = await transact(puts, { remainingMs });
    for (const move of moves) if (result.outcome === 'committed') result = await transact([move]);`,
    harm: 'inconsistent',
  },
  {
    name: 'a notification marked sent before sending',
    file: 'services/notifications/src/domain/notifier.ts',
    replace: '    let sentId: string;\n',
    by: '    let sentId: string;\n    await save(markSent(pending, messageId, new Date()), pending);\n',
    harm: 'lost',
    rates: { 'mail server busy': 3 },
  },
  {
    name: 'stock that is not guarded',
    file: 'services/inventory/src/domain/stock.ts',
    replace: 'min: Math.max(0, -delta)',
    by: 'min: -maxOnHand',
    harm: 'oversold',
  },
  {
    name: 'a release that does not look at what it releases',
    file: 'services/inventory/src/domain/reservation.ts',
    replace: "    case 'RESERVED':\n      return { ...settle(current, 'RELEASED'",
    by: "    case 'RESERVED':\n    case 'RELEASED':\n      return { ...settle(current, 'RELEASED'",
    harm: 'doubled',
    rates: { 'message delivered again': 2, 'whole batch delivered again': 4 },
    fate: 'cancelled at once',
  },
  {
    name: 'followers given back untried',
    file: 'shared/functions/src/messaging/consume.ts',
    replace: `        ? await tryForTheLastTime(record, lastTries, invocation)
        : !held && (await handle(record, invocation));
      if (handled) continue;
      notHandled.push(record.messageId);
      held ||= !last;`,
    by: `        ? !held && (await tryForTheLastTime(record, lastTries, invocation))
        : !held && (await handle(record, invocation));
      if (handled) continue;
      notHandled.push(record.messageId);
      held = true;`,
    harm: 'untried',
    incidents: ['poison'],
    // Poison is given up after five visibility timeouts.
    stallMs: 30_000,
  },
];

import type { Harm } from './verdict.ts';

/** A mistake that somebody could make: one place in the sources, changed. */
export interface Defect {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly replace: string;
  readonly by: string;
  /** What is found, among other things. */
  readonly harm: Harm;
  /** The fault suite makes the mistake, too, with kinds of faults that bring it to light; see `RunOptions.rates`. */
  readonly inProcesses?: Readonly<Record<string, number>>;
}

export const defects: readonly Defect[] = [
  // Writes
  {
    name: 'an unguarded status write',
    file: 'services/orders/src/adapters/order-table.ts',
    replace: 'toItem(outcome, item.requestHash), atVersion(item.version))',
    by: "toItem(outcome, item.requestHash), { kind: 'unchanged', attributes: { pk: item.pk } })",
    harm: 'doubled',
  },
  {
    name: 'a put without its condition',
    file: 'shared/functions/src/aws/table.ts',
    replace: 'Item: attributes, ...guard }',
    by: 'Item: attributes }',
    harm: 'doubled',
  },
  {
    name: 'a version that only must not be older',
    file: 'shared/functions/src/aws/expression.ts',
    replace: '(name)} = $',
    by: '(name)} >= $',
    harm: 'doubled',
  },
  {
    name: 'an own write taken for that of another',
    file: 'shared/functions/src/aws/table.ts',
    replace: "        if (isDeepStrictEqual(error.Item, attributes)) return { outcome: 'written' };\n",
    by: '',
    harm: 'inconsistent',
  },
  {
    name: 'the write of another taken for an own one',
    file: 'shared/functions/src/aws/table.ts',
    replace: 'if (isDeepStrictEqual(error.Item, attributes))',
    by: 'if (error.Item !== undefined)',
    harm: 'lost',
  },
  {
    name: 'a transaction without an answer taken for a refused one',
    file: 'shared/functions/src/aws/transaction.ts',
    replace: 'if (!(error instanceof TransactionCanceledException)) throw error;',
    by: "if (!(error instanceof TransactionCanceledException)) return { outcome: 'refused', refused: new Map() };",
    harm: 'inconsistent',
  },
  {
    name: 'a conflict of transactions taken for a refusal',
    file: 'shared/functions/src/aws/transaction.ts',
    replace: "Code === 'None' || Code === 'ConditionalCheckFailed')) {",
    by: "Code === 'None' || Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict')) {",
    harm: 'inconsistent',
  },
  {
    name: 'unprocessed keys of a batch read left out',
    file: 'shared/functions/src/aws/table.ts',
    replace: 'pending = UnprocessedKeys?.[tableName]?.Keys ?? [];',
    by: 'pending = UnprocessedKeys ? [] : pending;',
    harm: 'inconsistent',
  },
  {
    name: 'outbox not removed on a stock update',
    file: 'services/inventory/src/adapters/product-table.ts',
    replace: ", remove: ['outbox'] }",
    by: ' }',
    harm: 'doubled',
    inProcesses: {},
  },
  {
    name: 'a step of a large reservation that is published as its end',
    file: 'services/inventory/src/domain/large-reservation.ts',
    replace: 'updatedAt: at.toISOString() }, events: [] };',
    by: "updatedAt: at.toISOString() }, events: settle(reservation, 'RESERVED', at).events };",
    harm: 'doubled',
  },

  // Publishing
  {
    name: 'unchecked batch answers',
    file: 'shared/functions/src/aws/publishing/send.ts',
    replace: 'return refusedEntries(messages, Successful ?? [], Failed ?? []);',
    by: 'return refusedEntries(messages, messages.map((_, n) => ({ Id: String(n) })) as never, []);',
    harm: 'lost',
    inProcesses: { 'partial answer of SendMessageBatch': 4 },
  },
  {
    name: 'a publisher that swallows errors',
    file: 'shared/functions/src/aws/publishing/send.ts',
    replace: 'return new Map(messages.map((message) => [message, refusal]));',
    by: 'return new Map(messages.slice(0, 0).map((message) => [message, refusal]));',
    harm: 'lost',
  },
  {
    name: 'a publisher that names no failed record',
    file: 'shared/functions/src/aws/publish-outbox.ts',
    replace: 'return { batchItemFailures: retried ?',
    by: 'return { failures: retried ?',
    harm: 'lost',
  },
  {
    name: 'a checkpoint that is one record too far',
    file: 'shared/functions/src/aws/publishing/topic-publisher.ts',
    replace: 'return messages.findIndex(({ sequenceNumber }) => records.has(sequenceNumber));',
    by: 'return messages.findIndex(({ sequenceNumber }) => records.has(sequenceNumber)) + 1;',
    harm: 'lost',
  },
  {
    name: 'a failed send remembered as sent',
    file: 'shared/functions/src/aws/publishing/topic-publisher.ts',
    replace: 'if (failed.has(message) || !target.wants(message.type)) continue;',
    by: 'if (!target.wants(message.type)) continue;',
    harm: 'lost',
  },
  {
    // Two events of an order have to meet in a batch: both wait in the stream while its publisher is stopped.
    name: 'a missing FIFO group stop',
    file: 'shared/functions/src/aws/publishing/delivery.ts',
    replace: '      this.#held.add(message.group);\n',
    by: '',
    harm: 'out of order',
  },
  {
    name: 'two events of a group in one request',
    file: 'shared/functions/src/aws/publishing/full-batches.ts',
    replace: 'group.splice(0, 1)',
    by: 'group.splice(0, 2)',
    harm: 'out of order',
  },
  {
    name: 'requests of one group side by side',
    file: 'shared/functions/src/aws/publishing/full-batches.ts',
    replace: 'const sent = before.then(() => send(batch));',
    by: 'const sent = send(batch);',
    harm: 'out of order',
  },
  {
    name: 'a message group for each event',
    file: 'shared/functions/src/aws/publishing/outbox-message.ts',
    replace: 'group: messageGroupOf(subject),',
    by: "group: messageGroupOf(entry.M?.id?.S ?? ''),",
    harm: 'out of order',
  },
  {
    name: 'a deduplication id for each attempt',
    file: 'shared/functions/src/aws/publishing/send.ts',
    replace: 'MessageDeduplicationId: message.deduplicationId',
    by: 'MessageDeduplicationId: crypto.randomUUID()',
    harm: 'doubled',
  },
  {
    name: 'subscriptions that are looked up once',
    file: 'shared/functions/src/aws/publishing/subscriptions.ts',
    replace: 'known !== undefined && Date.now() - known.at < ttlMs ? known.list : refresh()',
    by: 'known !== undefined ? known.list : refresh()',
    harm: 'lost',
  },
  {
    name: 'a tag that selects nothing',
    file: 'shared/functions/src/aws/publishing/subscriptions.ts',
    replace: 'wants: (type) => selected.size === 0 || selected.has(eventName(type)) || selected.has(type),',
    by: 'wants: () => true,',
    harm: 'doubled',
  },
  {
    name: 'a failing subscription that holds the others',
    file: 'shared/functions/src/aws/publishing/target-health.ts',
    replace: 'const since = continues ? (this.#failures?.since ?? now) : now;',
    by: 'const since = now;',
    harm: 'late',
  },
  {
    name: 'failed events that are not put aside',
    file: 'shared/functions/src/aws/publishing/delivery.ts',
    replace: 'const rest = new Set([...delivery.result.failed, ...untried]);',
    by: 'const rest = new Set(untried);',
    harm: 'lost',
  },
  {
    name: 'an event put aside for one subscription only',
    file: 'shared/functions/src/aws/publishing/parking.ts',
    replace: `deduplicationId: \`\${origin.deduplicationId}:\${hashOf(targetUrl)}\`,`,
    by: 'deduplicationId: origin.deduplicationId,',
    harm: 'lost',
  },

  // Consuming
  {
    name: 'a consumer that acknowledges before writing',
    file: 'shared/functions/src/messaging/consume.ts',
    replace: 'await reaction.handle(event, { remainingMs, body: message.body });',
    by: 'Promise.resolve(reaction.handle(event, { remainingMs, body: message.body })).catch(() => undefined);',
    harm: 'lost',
  },
  {
    name: 'a consumer that names no failed message',
    file: 'shared/functions/src/aws/consume.ts',
    replace: 'return { batchItemFailures: notHandled',
    by: 'return { failures: notHandled',
    harm: 'lost',
  },
  {
    name: 'followers of a failed message that are handled',
    file: 'shared/functions/src/aws/consume.ts',
    replace: '      held ||= !last;\n',
    by: '',
    harm: 'out of order',
  },
  {
    name: 'followers given back untried',
    file: 'shared/functions/src/aws/consume.ts',
    replace: `        ? await tryForTheLastTime(message, lastTries, invocation)
        : !held && (await handle(message, invocation));
      if (handled) continue;
      notHandled.push(message.id);
      held ||= !last;`,
    by: `        ? !held && (await tryForTheLastTime(message, lastTries, invocation))
        : !held && (await handle(message, invocation));
      if (handled) continue;
      notHandled.push(message.id);
      held = true;`,
    harm: 'untried',
  },
  {
    name: 'events that may have no unknown members',
    file: 'shared/contracts/src/event.ts',
    replace: 'schema: v.object({ ...envelope,',
    by: 'schema: v.strictObject({ ...envelope,',
    harm: 'lost',
  },
  {
    name: 'a trace that ends at a queue',
    file: 'shared/functions/src/messaging/consume.ts',
    replace: 'traceparent: nextSpan(traceparent),\n    parent: traceparent,',
    by: 'traceparent: nextSpan(undefined),\n    parent: traceparent,',
    harm: 'inconsistent',
  },

  // Orders
  {
    name: 'a repeated request that places another order',
    file: 'services/orders/src/functions/place-order.ts',
    replace: 'newOrderId(customer.id, idempotencyKey)',
    by: 'newOrderId(customer.id, undefined)',
    harm: 'doubled',
  },
  {
    name: 'a confirmation that does not look at the status',
    file: 'services/orders/src/domain/order.ts',
    replace: "if (order.status !== 'PLACED') return { outcome: 'unchanged', order };\n  const confirmedAt",
    by: "if (order.status === 'CONFIRMED') return { outcome: 'unchanged', order };\n  const confirmedAt",
    harm: 'lost',
  },
  {
    name: 'a price that the clock decides',
    file: 'services/orders/src/functions/consume-inventory-events.ts',
    replace: 'on(ProductUpserted, ({ data, sequence }) => saveProduct(data, sequence))',
    by: 'on(ProductUpserted, ({ data, time }) => saveProduct(data, Date.parse(time)))',
    harm: 'lost',
  },

  // Stock
  {
    name: 'a reservation that is not all or nothing',
    file: 'services/inventory/src/adapters/coalesced-reservations.ts',
    replace: 'const result = await transact([...puts, ...moves], { remainingMs });',
    by: `let result = await transact(puts, { remainingMs });
    for (const move of moves) if (result.outcome === 'committed') result = await transact([move]);`,
    harm: 'inconsistent',
  },
  {
    name: 'stock that is not guarded',
    file: 'services/inventory/src/domain/stock.ts',
    replace: 'min: Math.max(0, -delta)',
    by: 'min: -maxOnHand',
    harm: 'oversold',
    inProcesses: {},
  },
  {
    name: 'a release that does not look at what it releases',
    file: 'services/inventory/src/domain/reservation.ts',
    replace: "    case 'RESERVED':\n      return { ...settle(current, 'RELEASED'",
    by: "    case 'RESERVED':\n    case 'RELEASED':\n      return { ...settle(current, 'RELEASED'",
    harm: 'doubled',
  },
  {
    name: 'a large reservation that is not undone',
    file: 'services/inventory/src/domain/large-reservation.ts',
    replace: "if (status === 'RESERVING') return letGo({ ...current, shortages }, 'REJECTING', at);",
    by: "if (status === 'RESERVING') return settle({ ...current, shortages }, 'REJECTED', at);",
    harm: 'inconsistent',
  },
  {
    name: 'an adjustment that is another one when it is repeated',
    file: 'services/inventory/src/domain/adjustment.ts',
    replace: ".digest('hex')",
    by: ".update(at.toISOString()).digest('hex')",
    harm: 'inconsistent',
  },

  // Mail
  {
    name: 'a notification marked sent before sending',
    file: 'services/notifications/src/domain/notifier.ts',
    replace: '    let sentId: string;\n',
    by: '    let sentId: string;\n    await save(markSent(pending, messageId, new Date()), pending);\n',
    harm: 'lost',
  },
  {
    name: 'a refused mail marked sent',
    file: 'services/notifications/src/domain/notifier.ts',
    replace: 'save(markFailed(pending, reason, new Date()), pending)',
    by: 'save(markSent(pending, pending.notificationId, new Date()), pending)',
    harm: 'lost',
  },
  {
    name: 'a throttled mail taken for a refused one',
    file: 'services/notifications/src/adapters/refusal.ts',
    replace: "if (error.name === 'MessageRejected') return true;",
    by: "if (error.name === 'MessageRejected' || isThrottle(error.name)) return true;",
    harm: 'lost',
  },
  {
    name: 'an attempt at a mail that waits for no other',
    file: 'services/notifications/src/domain/notification.ts',
    replace: "  if (current.attemptEndsAt > now) return { outcome: 'busy' };\n",
    by: '',
    harm: 'doubled',
  },

  // The operator
  {
    name: 'a redrive that removes before it sends',
    file: 'tools/cli/src/dead-letters/walk.ts',
    replace: `      const done = [...(await handle(fresh))];
      const removed = await remove(sqs, url, done);`,
    by: `      const removed = await remove(sqs, url, fresh);
      const done = [...(await handle(fresh))];`,
    harm: 'lost',
  },
  {
    name: 'a replay without its last page',
    file: 'tools/cli/src/replay/replay.ts',
    replace: 'selectEvents(run, page.items, queue.wants)',
    by: 'selectEvents(run, page.next === undefined ? [] : page.items, queue.wants)',
    harm: 'lost',
  },
];

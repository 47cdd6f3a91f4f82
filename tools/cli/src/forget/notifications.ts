import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describeIssues, parse } from '@orderly/contracts';
import * as v from 'valibot';
import { Failure } from '../failure.ts';
import { outboxSchema, withLastEvents, writeErasure } from '../tables/erasure.ts';
import { readPage } from '../tables/stage-table.ts';
import type { Eraser } from './eraser.ts';

const notificationSchema = v.object({
  pk: v.string(),
  sk: v.string(),
  status: v.string(),
  version: v.number(),
  reason: v.exactOptional(v.string()),
  outbox: v.exactOptional(outboxSchema),
});

/** There is at most one of each kind. */
const LIMIT = 100;

/**
 * Erases addresses from what an order's customer was told: the service keeps none, but a mail server's reason may
 * quote one.
 *
 * @returns how many notifications hold one, and how many of these have changed meanwhile and are as they were
 */
export async function eraseNotifications(
  client: DynamoDBClient,
  table: string,
  orderId: string,
  { text }: Eraser,
  dryRun: boolean,
): Promise<{ readonly found: number; readonly changed: number }> {
  const { items } = await readPage(client, {
    table,
    partition: `ORDER#${orderId}`,
    after: undefined,
    limit: LIMIT,
  });
  const done = { found: 0, changed: 0 };
  for (const item of items) {
    const read = parse(notificationSchema, withLastEvents(item));
    if (!read.ok) {
      throw new Failure(`${String(item.pk)} is not as its service writes it: ${describeIssues(read.issues)}`);
    }
    const { pk, sk, status, version, reason, outbox } = read.value;
    const events = outbox?.events.map((event) => ({ ...event, body: text(event.body) }));
    const set = reason !== undefined && text(reason) !== reason ? { reason: text(reason) } : {};
    const told = events?.some(({ body }, index) => body !== outbox?.events[index]?.body) ?? false;
    if (!told && set.reason === undefined) continue;
    done.found++;
    if (dryRun) continue;
    const written = await writeErasure(client, {
      table,
      key: { pk, sk },
      from: { status, version },
      set,
      published: outbox && { ...outbox, events: events ?? [] },
    });
    if (!written) done.changed++;
  }
  return done;
}

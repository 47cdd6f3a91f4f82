import type { Outbox } from '../messaging/outbox.ts';
import type { Connection } from './client.ts';
import type { Item } from './condition.ts';
import { toStored } from './json.ts';

/**
 * Inserts the events of items that are written into the service's outbox, in the same transaction.
 *
 * @returns their subjects
 */
export async function insertEvents(
  connection: Connection,
  written: readonly Item[],
): Promise<readonly string[]> {
  const outboxes = written.flatMap(({ outbox }) => (outbox === undefined ? [] : [outbox as Outbox]));
  const events = outboxes.flatMap(({ subject, events }) => events.map((event) => ({ ...event, subject })));
  if (events.length === 0) return [];
  const column = (name: 'subject' | 'id' | 'type' | 'body') => events.map((event) => toStored(event[name]));
  await connection.query(
    `INSERT INTO outbox (subject, id, type, body)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])`,
    [column('subject'), column('id'), column('type'), column('body')],
  );
  return [...new Set(events.map(({ subject }) => subject))];
}

/** The subjects of events that this container has committed and not begun to publish. */
const touched = new Set<string>();

/** Remembers subjects whose events were committed. */
export function touch(subjects: readonly string[]): void {
  for (const subject of subjects) touched.add(subject);
}

/** @returns the subjects that were touched, and forgets them */
export function takeTouched(): readonly string[] {
  const subjects = [...touched];
  touched.clear();
  return subjects;
}

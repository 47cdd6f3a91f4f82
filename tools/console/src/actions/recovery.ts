import { randomBytes } from 'node:crypto';
import { drop } from '@orderly/cli/dead-letters/drop';
import { redrive } from '@orderly/cli/dead-letters/redrive';
import { retryNotifications } from '@orderly/cli/notifications/retry';
import { urlOf } from '@orderly/cli/queues/queue-url';
import { replay } from '@orderly/cli/replay/replay';
import { noCounts } from '@orderly/cli/replay/replay-run';
import { findTopic } from '@orderly/cli/replay/topic-source';
import * as v from 'valibot';
import type { Actions } from '../api.ts';
import { readInput } from '../http/input.ts';
import { badRequest } from '../http/problem.ts';
import type { ConsoleSession } from '../session.ts';
import { dropFile } from './drop-file.ts';

const selected = v.object({ queue: v.string(), messageId: v.optional(v.string()) });
const replayed = v.object({ topic: v.string(), queue: v.string() });
const retried = v.object({ orderId: v.string() });
const RATE = 50;

const selectionOf = (messageId: string | undefined) =>
  messageId === undefined ? {} : { messages: [messageId] };

/** Puts dead letters back: one message, or all of a queue. */
export const redriveLetters = async (
  session: ConsoleSession,
  input: unknown,
): Promise<Actions['redrive']['out']> => {
  const { queue, messageId } = readInput(selected, input);
  const done = await redrive(session, { queue, selection: selectionOf(messageId), extraSubscriptions: [] });
  return {
    moved: done.reduce((sum, { moved }) => sum + moved, 0),
    unsent: done.flatMap(({ unsent }) => unsent),
  };
};

/** Removes dead letters for good, after it has saved a copy of them under `.orderly/dropped`. */
export const dropLetters = async (
  session: ConsoleSession,
  input: unknown,
): Promise<Actions['drop']['out']> => {
  const { queue, messageId } = readInput(selected, input);
  const save = dropFile(queue);
  const done = await drop(session, { queue, selection: selectionOf(messageId), save });
  return {
    dropped: done.reduce((sum, { letters, notRemoved }) => sum + letters.length - notRemoved, 0),
    savedTo: save,
  };
};

/** Sends an order's newest event of a topic to one of its queues once more. */
export const replayOrder = async (
  session: ConsoleSession,
  orderId: string,
  input: unknown,
): Promise<Actions['replayOrder']['out']> => {
  const { topic: name, queue } = readInput(replayed, input);
  const topic = findTopic(name);
  if (topic === undefined) throw badRequest(`There is no topic ${name}.`);
  if (!queue.startsWith(`${session.stage}-${topic}--`)) throw badRequest(`${queue} gets no ${topic}.`);
  const run = {
    id: randomBytes(6).toString('hex'),
    startedAt: new Date().toISOString(),
    ...{ stage: session.stage, topic, order: orderId, counts: noCounts },
    to: await urlOf(session.clients.sqs, queue),
  };
  const { counts } = await replay(session, run, RATE);
  return { sent: counts.sent };
};

export const retryFailedNotifications = async (
  session: ConsoleSession,
  input: unknown,
): Promise<Actions['retryNotifications']['out']> => {
  const { orderId } = readInput(retried, input);
  const done = await retryNotifications(session, orderId);
  return { retried: done.filter(({ outcome }) => outcome === 'retried').length };
};

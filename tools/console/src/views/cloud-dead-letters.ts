import { appendFileSync } from 'node:fs';
import { readName } from '@orderly/cli/dead-letters/dead-letter-queue';
import { toShown } from '@orderly/cli/dead-letters/showing';
import * as v from 'valibot';
import { dropFile } from '../actions/drop-file.ts';
import type { Actions, DeadLetter, LogEntry } from '../api.ts';
import { readInput } from '../http/input.ts';
import { notFound } from '../http/problem.ts';
import type { CloudDeadLetter, CloudPlatform, CloudQueue } from '../platform.ts';
import { type DeadLetters, toDeadLetter } from './dead-letters.ts';

const selected = v.object({ queue: v.string(), messageId: v.optional(v.string()) });

/** What the broker of a cloud has put aside, with the errors that this run's functions have logged. */
export const cloudDeadLetters = (
  stage: string,
  cloud: CloudPlatform,
  logs: () => readonly LogEntry[],
): DeadLetters => ({
  async read(wanted) {
    const queues = cloud
      .queues()
      .filter(({ deadLetterQueue }) => wanted === undefined || deadLetterQueue === wanted);
    const all = await cloud.deadLetters();
    return queues.flatMap((queue) =>
      all.filter(isOf(queue)).map((letter) => shown(stage, queue, letter, logs)),
    );
  },
});

const isOf =
  ({ topic, consumer }: CloudQueue) =>
  (letter: CloudDeadLetter): boolean =>
    letter.topic === topic && letter.consumer === consumer;

const shown = (
  stage: string,
  { deadLetterQueue: name }: CloudQueue,
  { messageId, body, reason, failedAt, receives }: CloudDeadLetter,
  logs: () => readonly LogEntry[],
): DeadLetter => {
  const at = new Date(failedAt);
  const times = { sentAt: at, firstReceivedAt: at };
  const received = { messageId, body, receives, ...times, receiptHandle: '', attributes: {} };
  const letter = toShown({ ...readName(stage, name), url: name }, received);
  return toDeadLetter(
    { name, kind: 'subscription' },
    { ...letter, reason: `${letter.reason} (${reason})` },
    logs,
  );
};

const lettersOf = async (
  cloud: CloudPlatform,
  input: unknown,
): Promise<{ readonly queue: string; readonly letters: readonly CloudDeadLetter[] }> => {
  const { queue: name, messageId } = readInput(selected, input);
  const queue = cloud.queues().find(({ deadLetterQueue }) => deadLetterQueue === name);
  if (queue === undefined) throw notFound(`There is no queue of dead letters ${name}.`);
  const letters = (await cloud.deadLetters()).filter(isOf(queue));
  return {
    queue: name,
    letters: letters.filter((letter) => messageId === undefined || letter.messageId === messageId),
  };
};

/** Puts dead letters back: one message, or all of a queue. @throws Refusal for a queue that there is not */
export const redriveCloudLetters = async (
  cloud: CloudPlatform,
  input: unknown,
): Promise<Actions['redrive']['out']> => {
  const { letters } = await lettersOf(cloud, input);
  const kept = letters.filter((letter) => !cloud.redrive(letter));
  return {
    moved: letters.length - kept.length,
    unsent: kept.map(({ messageId }) => ({ messageId, reason: 'it is gone, or somebody receives it' })),
  };
};

/** Removes dead letters for good, after it has saved a copy. @throws Refusal for a queue that there is not */
export const dropCloudLetters = async (
  cloud: CloudPlatform,
  input: unknown,
): Promise<Actions['drop']['out']> => {
  const { queue, letters } = await lettersOf(cloud, input);
  const savedTo = dropFile(queue);
  appendFileSync(savedTo, letters.map((letter) => `${JSON.stringify({ queue, ...letter })}\n`).join(''));
  return { dropped: letters.filter((letter) => cloud.drop(letter)).length, savedTo };
};

import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { Session } from '../session.ts';
import type { DeadLetter } from './dead-letter.ts';
import { chooseQueues, type DeadLetterQueue } from './dead-letter-queue.ts';
import { isSelected, maySelect, type Selection } from './selection.ts';
import { setAside } from './set-aside.ts';
import { type ShownLetter, toShown } from './showing.ts';
import { walk } from './walk.ts';

export interface DropOptions {
  /** A dead-letter queue's name; all of them when absent. */
  readonly queue?: string | undefined;
  readonly selection: Selection;
  /** A file that gets every message as a line of JSON, whole, before it is dropped. */
  readonly save?: string | undefined;
}

export interface Dropped {
  readonly queue: string;
  readonly letters: readonly ShownLetter[];
  /** Messages that SQS did not remove: they are still there. */
  readonly notRemoved: number;
}

/**
 * Removes dead letters for good. With `--dry-run` it only says which.
 *
 * @throws Failure when there is no such queue; an error of the file system when the copy cannot be written, and then
 *   what is not in it is still in its queue
 */
export async function drop(
  { clients: { sqs }, target, stage, signal, dryRun }: Session,
  { queue: wanted, selection, save }: DropOptions,
): Promise<readonly Dropped[]> {
  const queues = (await chooseQueues(sqs, stage, wanted)).filter((queue) => maySelect(selection, queue));
  const copy = save === undefined || dryRun ? undefined : openCopy(save);
  const dropped: Dropped[] = [];
  try {
    for (const queue of queues) {
      if (signal.aborted) break;
      const letters: ShownLetter[] = [];
      const leave = setAside(sqs, queue, selection);
      const { notRemoved } = await walk(
        sqs,
        queue.url,
        { target, signal, until: new Date() },
        async (found) => {
          const selected = found.filter((letter) => isSelected(selection, queue, letter));
          copy?.add(queue, selected);
          letters.push(...selected.map((letter) => toShown(queue, letter)));
          if (dryRun) return new Set();
          return new Set([
            ...selected,
            ...(await leave(found.filter((letter) => !selected.includes(letter)))),
          ]);
        },
      );
      dropped.push({ queue: queue.name, letters, notRemoved });
    }
  } finally {
    copy?.close();
  }
  return dropped;
}

interface Copy {
  /** Returns when the messages are on the disk. */
  add(queue: DeadLetterQueue, letters: readonly DeadLetter[]): void;
  close(): void;
}

function openCopy(path: string): Copy {
  const file = openSync(path, 'a');
  return {
    add: (queue, letters) => {
      for (const { receiptHandle: _, ...letter } of letters) {
        writeSync(file, `${JSON.stringify({ queue: queue.name, ...letter })}\n`);
      }
      fsyncSync(file);
    },
    close: () => closeSync(file),
  };
}

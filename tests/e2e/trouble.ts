import { randomUUID } from 'node:crypto';
import { type Answer, orderly, orderlyJson } from './orderly.ts';
import { changeQueue, giveUpAfter, queueName, queueUrl, sendToQueue } from './queues.ts';

interface Listed {
  readonly name: string;
  readonly messages: number;
}

interface Shown {
  readonly queue: string;
  readonly letters: readonly {
    readonly messageId: string;
    readonly reason: string;
    readonly target?: string;
    readonly event?: { readonly type: string; readonly subject: string };
  }[];
}

/** Messages in each dead-letter queue that is not empty. */
export const deadLetters = async (): Promise<Readonly<Record<string, number>>> => {
  const queues = await orderlyJson<Listed[]>('dlq', 'list');
  const filled = queues.filter(({ messages }) => messages > 0);
  return Object.fromEntries(filled.map(({ name, messages }) => [name, messages]));
};

/** What `orderly dlq show` says of a dead-letter queue. */
export const lettersIn = async (queue: string): Promise<Shown['letters']> =>
  (await orderlyJson<Shown[]>('dlq', 'show', queue)).flatMap(({ letters }) => letters);

/** The subscriptions that get poison; each has a dead-letter queue of the same name. */
export const poisoned = ['order-events--inventory', 'inventory-events--orders'];
const inbox = (subscription: string) => queueUrl(queueName(`${subscription}.fifo`));
export const deadLetterQueue = (rest: string) => queueName(`dlq--${rest}.fifo`);

const restore: (() => Promise<void>)[] = [];

/** To be called after each test: the queues are as they were. */
export async function restoreQueues(): Promise<void> {
  for (const undo of restore.splice(0)) await undo();
}

/** Malformed JSON for each of the `poisoned`, which give up on it soon. */
export async function sendPoison(): Promise<void> {
  for (const subscription of poisoned) {
    const url = await inbox(subscription);
    // Two tries instead of five: each takes a visibility timeout.
    restore.push(await giveUpAfter(url, await queueUrl(deadLetterQueue(subscription)), 2));
    await sendToQueue(url, '{"type":', randomUUID());
  }
}

/** Breaks inventory's subscription: it takes less than an order of eight lines needs. @returns what mends it */
export async function refuseOrders(): Promise<() => Promise<void>> {
  const accept = await changeQueue(await inbox('order-events--inventory'), { MaximumMessageSize: '1024' });
  restore.push(accept);
  return accept;
}

/** Removes the poison, which nobody can mend, and puts back what was refused. @returns what was said to each */
export async function dropPoisonAndRedrive(): Promise<readonly [dropped: Answer, redriven: Answer]> {
  const poison = (await Promise.all(poisoned.map(lettersIn))).flat();
  const ids = poison.flatMap(({ messageId }) => ['--message', messageId]);
  return [await orderly('dlq', 'drop', ...ids, '--yes'), await orderly('dlq', 'redrive', '--all')];
}

import { randomUUID } from 'node:crypto';
import type { Answer } from '@orderly/support/orderly';
import { orderly, orderlyJson } from './orderly.ts';
import { queues } from './queues.ts';

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

/** What `orderly dlq show` prints of a dead-letter queue. */
export const lettersIn = async (queue: string): Promise<Shown['letters']> =>
  (await orderlyJson<Shown[]>('dlq', 'show', queue)).flatMap(({ letters }) => letters);

/** The subscriptions that get poison; each has a dead-letter queue of the same name. */
export const poisoned = ['order-events--inventory', 'inventory-events--orders'];
export const deadLetterQueue = (rest: string) => queues.name(`dlq--${rest}.fifo`);

const restore: (() => Promise<void>)[] = [];

/** Gives the queues their settings back; to be called after each test. */
export async function restoreQueues(): Promise<void> {
  for (const undo of restore.splice(0)) await undo();
}

/** As long as the local platform hides messages anyway; on a deployed stage functions may start cold meanwhile. */
const SECONDS_BETWEEN_TRIES = process.env.ORDERLY_DEPLOYED_STAGE === undefined ? 3 : 8;

/** Malformed JSON for subscriptions, which give it up soon. */
export async function sendPoison(subscriptions = poisoned): Promise<void> {
  for (const subscription of subscriptions) {
    const [url, dead] = [
      await queues.url(`${subscription}.fifo`),
      await queues.url(`dlq--${subscription}.fifo`),
    ];
    // Two tries instead of five: each takes a visibility timeout.
    restore.push(await queues.giveUpAfter(url, dead, 2, SECONDS_BETWEEN_TRIES));
    await queues.send(url, '{"type":', randomUUID());
  }
}

/** Breaks inventory's subscription: it takes less than an order of eight lines needs. @returns what repairs it */
export async function refuseOrders(): Promise<() => Promise<void>> {
  const url = await queues.url('order-events--inventory.fifo');
  const accept = await queues.change(url, { MaximumMessageSize: '1024' });
  restore.push(accept);
  return accept;
}

/** Drops the poison, which nobody can repair, and redrives what was refused. @returns what each command printed */
export async function dropPoisonAndRedrive(): Promise<readonly [dropped: Answer, redriven: Answer]> {
  const poison = (await Promise.all(poisoned.map(lettersIn))).flat();
  const ids = poison.flatMap(({ messageId }) => ['--message', messageId]);
  return [await orderly('dlq', 'drop', ...ids, '--yes'), await orderly('dlq', 'redrive', '--all')];
}

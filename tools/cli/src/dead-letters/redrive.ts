import { setTimeout } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { type Depth, depthOf, totalOf } from '../queues/depth.ts';
import { pacer } from '../queues/pace.ts';
import { findUrl, urlOf } from '../queues/queue-url.ts';
import type { Session } from '../session.ts';
import type { DeadLetter } from './dead-letter.ts';
import { chooseQueues, type DeadLetterQueue } from './dead-letter-queue.ts';
import { eventReader } from './event-reference.ts';
import { moveByTask } from './move-task.ts';
import { backToSource, backToSubscription } from './outgoing.ts';
import { republisher } from './republish.ts';
import { isSelected, maySelect, type Selection, selectsAll } from './selection.ts';
import { type Outgoing, sender, type Unsent } from './sending.ts';
import { setAside } from './set-aside.ts';
import { HOLD_SECONDS, walk } from './walk.ts';

export interface RedriveOptions {
  /** A dead-letter queue's name; all of them when absent. */
  readonly queue?: string | undefined;
  readonly selection: Selection;
  /** Messages per second. */
  readonly rate?: number | undefined;
  /** Name or URL of the queue to send to, instead of the one that each message was meant for. */
  readonly to?: string | undefined;
  /** URLs of subscriptions in other accounts, for what is published again from a stream. */
  readonly extraSubscriptions: readonly string[];
}

/** The redrive of one dead-letter queue. */
export interface Redriven {
  readonly queue: string;
  /** Messages that were in it, as SQS counts them. */
  readonly held: number;
  /** Whether SQS moved the messages or this program. */
  readonly by: 'sqs' | 'orderly';
  /** Message ids; SQS only counts what it moves. */
  readonly messages: readonly string[];
  readonly moved: number;
  readonly unsent: readonly Unsent[];
  /** Sent, but not removed: will be sent once more by the next redrive. */
  readonly notRemoved: number;
}

type Handle = (letters: readonly DeadLetter[]) => Promise<ReadonlySet<DeadLetter>>;

/**
 * Sends dead letters to their targets again. Each is sent before it is removed, so an interruption loses nothing; it may
 * cause a duplicate, which consumers absorb.
 *
 * With `--dry-run` nothing is sent and nothing removed.
 *
 * @throws Failure when a queue is missing
 */
export async function redrive(session: Session, options: RedriveOptions): Promise<readonly Redriven[]> {
  const { sqs } = session.clients;
  const to = options.to === undefined ? undefined : await urlOf(sqs, options.to);
  const redriven: Redriven[] = [];
  for (const queue of await chooseQueues(sqs, session.stage, options.queue)) {
    if (session.signal.aborted) break;
    if (maySelect(options.selection, queue)) redriven.push(await redriveQueue(session, queue, options, to));
  }
  return redriven;
}

async function redriveQueue(
  session: Session,
  queue: DeadLetterQueue,
  options: RedriveOptions,
  to: string | undefined,
): Promise<Redriven> {
  const { clients, signal, dryRun } = session;
  const depth = await (dryRun ? depthOf(clients.sqs, queue.url) : depthWhenFree(session, queue.url));
  const held = depth === undefined ? 0 : totalOf(depth);
  const progress = session.progress(queue.name, held);
  try {
    const whole = 'source' in queue && selectsAll(options.selection, queue) && held > 0 && !dryRun;
    // Named, because SQS knows no source of a message that was sent here, as `orderly forget` sends its copies.
    const destination = whole ? (to ?? (await findUrl(clients.sqs, queue.source))) : undefined;
    if (destination !== undefined) {
      const moved = await moveByTask(clients.sqs, {
        source: queue.url,
        destination,
        rate: options.rate,
        signal,
        progress: progress.update,
      });
      if (moved !== 'unsupported') {
        return { queue: queue.name, held, by: 'sqs', messages: [], moved, unsent: [], notRemoved: 0 };
      }
    }
    return { queue: queue.name, held, ...(await moveByHand(session, queue, options, to, progress.update)) };
  } finally {
    progress.stop();
  }
}

/** Waits while others hold messages of a queue, such as a redrive that was killed: they would stay. A minute at most. */
async function depthWhenFree({ clients, signal }: Session, url: string): Promise<Depth | undefined> {
  for (let seconds = 0; ; seconds += 1) {
    const depth = await depthOf(clients.sqs, url);
    if (!depth?.inFlight || seconds === HOLD_SECONDS || signal.aborted) return depth;
    await setTimeout(1_000, undefined, { signal }).catch(() => undefined);
  }
}

async function moveByHand(
  session: Session,
  queue: DeadLetterQueue,
  { selection, rate, extraSubscriptions }: RedriveOptions,
  to: string | undefined,
  progress: (moved: number) => void,
): Promise<Omit<Redriven, 'queue' | 'held'>> {
  const { clients, target, signal, dryRun } = session;
  const unsent: Unsent[] = [];
  const messages: string[] = [];
  const refuse = (refused: Unsent): void => {
    unsent.push(refused);
  };
  const send = handlerFor(session, queue, to, extraSubscriptions, refuse);
  const leave = setAside(clients.sqs, queue, selection);
  const walked = await walk(
    clients.sqs,
    queue.url,
    { target, signal, until: new Date(), batch: Math.min(10, rate ?? 10), pace: pacer(rate, signal) },
    async (letters) => {
      const selected = letters.filter((letter) => isSelected(selection, queue, letter));
      const sent = dryRun ? new Set(selected) : await send(selected);
      messages.push(...[...sent].map(({ messageId }) => messageId));
      progress(messages.length);
      if (dryRun) return new Set();
      return new Set([...sent, ...(await leave(letters.filter((letter) => !selected.includes(letter))))]);
    },
  );
  const { notRemoved } = walked;
  return { by: 'orderly', messages, moved: messages.length, unsent, notRemoved };
}

/** How the dead letters of a queue go back. */
function handlerFor(
  session: Session,
  queue: DeadLetterQueue,
  to: string | undefined,
  extraSubscriptions: readonly string[],
  refuse: (refused: Unsent) => void,
): Handle {
  if (queue.kind === 'stream' && to !== undefined) {
    throw new Failure(
      `${queue.name} holds no events but positions: they go to every subscription, not --to one.`,
    );
  }
  if (queue.kind === 'stream') return republisher(session, queue, extraSubscriptions, refuse);
  const { sqs } = session.clients;
  const send = sender(sqs, refuse);
  if (queue.kind === 'parked') {
    const read = eventReader(session, queue);
    return async (letters) => {
      const outgoing: Outgoing[] = [];
      for (const letter of letters) {
        const back = await backToSubscription(letter, to, read);
        if (typeof back === 'string') refuse({ messageId: letter.messageId, reason: back });
        else outgoing.push(back);
      }
      return send(outgoing);
    };
  }
  // Looked up when needed: an empty dead-letter queue may outlive its subscription.
  const source = once(() => (to === undefined ? findUrl(sqs, queue.source) : Promise.resolve(to)));
  return async (letters) => {
    const target = await source();
    if (target !== undefined) return send(letters.map((letter) => backToSource(letter, target)));
    const reason = `there is no queue ${queue.source} any more; name another one with --to`;
    for (const { messageId } of letters) refuse({ messageId, reason });
    return new Set();
  };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

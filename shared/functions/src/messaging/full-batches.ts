import { batches, type Message, maxEntries } from './send.ts';

/**
 * Plans in which requests messages are sent, one after the other or as `inOrder` does.
 *
 * The messages of a group are in the order in which they came, each in a later request than the one before it: SQS
 * may refuse one entry of a batch and take the next, so that two of a group in one request could change places. As
 * long as other groups wait, requests are full: the longest groups go first, and as much is left as fills the
 * requests that those still need.
 */
export function fullBatches<M extends Message>(messages: readonly M[]): M[][] {
  const result: M[][] = [];
  let waiting = byGroup(messages);
  let left = messages.length;
  while (left > 0) {
    // A stable sort: what came first goes first among groups of a length.
    waiting.sort((one, other) => other.length - one.length);
    const heads = waiting.slice(0, roundSize(left, waiting)).flatMap((group) => group.splice(0, 1));
    result.push(...batches(heads));
    waiting = waiting.filter((group) => group.length > 0);
    left -= heads.length;
  }
  return result;
}

/** How many messages go side by side, one of a group at most, before the next ones of these groups do. */
function roundSize(left: number, [longest = [], ...others]: readonly (readonly unknown[])[]): number {
  const groups = 1 + others.length;
  const laterRounds = longest.length - 1;
  if (laterRounds === 0) return groups;
  const full = Math.min(Math.ceil(left / maxEntries) - laterRounds, Math.floor(groups / maxEntries));
  return Math.max(1, full) * maxEntries;
}

function byGroup<M extends Message>(messages: readonly M[]): M[][] {
  const groups = new Map<string, M[]>();
  for (const message of messages) {
    const group = groups.get(message.group);
    if (group === undefined) groups.set(message.group, [message]);
    else group.push(message);
  }
  return [...groups.values()];
}

/**
 * Sends batches side by side, each as soon as those before it that hold messages of its groups were sent.
 *
 * @param send fails for no message: it keeps in mind what failed, and leaves out what comes after it in its group
 */
export async function inOrder<M extends Message>(
  planned: readonly (readonly M[])[],
  send: (batch: readonly M[]) => Promise<void>,
): Promise<void> {
  const latest = new Map<string, Promise<void>>();
  const sends = planned.map((batch) => {
    const before = Promise.all(batch.map(({ group }) => latest.get(group)));
    const sent = before.then(() => send(batch));
    for (const { group } of batch) latest.set(group, sent);
    return sent;
  });
  await Promise.all(sends);
}

import { batches, type Message, maxEntries } from './send.ts';

/**
 * Plans the requests in which messages are sent, one after the other or as `inOrder` does.
 *
 * The messages of a group keep their order, each in a later request than the one before it: SQS may refuse one entry of
 * a request and accept the next, so two of a group in one request could change places. Requests are full as long as
 * other groups wait: the longest groups go first, and enough of the others is kept back to fill their later requests.
 */
export function fullBatches<M extends Message>(messages: readonly M[]): M[][] {
  const result: M[][] = [];
  let waiting = byGroup(messages);
  let left = messages.length;
  while (left > 0) {
    // A stable sort: groups of equal length keep their order.
    waiting.sort((one, other) => other.length - one.length);
    const heads = waiting.slice(0, roundSize(left, waiting)).flatMap((group) => group.splice(0, 1));
    result.push(...batches(heads));
    waiting = waiting.filter((group) => group.length > 0);
    left -= heads.length;
  }
  return result;
}

/** How many groups send their first message before any of them sends its second. */
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
 * Sends batches side by side, each as soon as the earlier ones with messages of its groups were sent.
 *
 * @param send does not reject for a message that failed: it remembers it, and skips the later ones of its group
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

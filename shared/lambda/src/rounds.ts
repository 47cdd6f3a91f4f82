import { batches, type Message, maxEntries } from './send.ts';

/**
 * Plans in which requests messages are sent: the batches of a round side by side, one round after the other.
 *
 * The messages of a group are in the order in which they came, each in a later round than the one before it: SQS may
 * refuse one entry of a batch and take the next, so that two of a group in one request could change places. As long
 * as other groups wait, requests are full: a round takes the longest groups first, and leaves as much as the rounds
 * that those still need can carry.
 */
export function rounds<M extends Message>(messages: readonly M[]): M[][][] {
  const result: M[][][] = [];
  let waiting = byGroup(messages);
  let left = messages.length;
  while (left > 0) {
    // A stable sort: what came first goes first among groups of a length.
    waiting.sort((one, other) => other.length - one.length);
    const heads = waiting.slice(0, roundSize(left, waiting)).flatMap((group) => group.splice(0, 1));
    result.push(batches(heads));
    waiting = waiting.filter((group) => group.length > 0);
    left -= heads.length;
  }
  return result;
}

/** How many messages the next round takes, one of a group at most. */
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

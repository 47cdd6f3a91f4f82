import { groupBy } from '@orderly/support/group-by';
import type { Random } from '@orderly/support/random';
import type { Fault, FaultyCall } from './injector.ts';
import { answer, changed } from './replies.ts';

/**
 * What at-least-once delivery allows: messages that come again, late, or in another order.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */

type Json = Record<string, unknown>;

const bySource =
  (operation: string): Fault['concerns'] =>
  (call) =>
    call.functionName === undefined && call.operation === operation;

const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const groupOf = (message: Json): string => String(Object(message.Attributes).MessageGroupId);

/** SQS says that all were deleted, and some were not: they come again after their visibility timeout. */
const notDeleted: Fault = {
  kind: 'message delivered again',
  oneIn: 12,
  concerns: bySource('DeleteMessageBatch'),
  act: async ({ input }, forward, draw, count) => {
    const entries = listOf(input.Entries);
    const kept = entries.filter(() => draw.chance(0.5));
    const deleted = entries.filter((entry) => !kept.includes(entry));
    if (kept.length === 0) return forward();
    count();
    if (deleted.length > 0) await forward(JSON.stringify({ ...input, Entries: deleted }));
    return answer({ Successful: entries.map(({ Id }) => ({ Id })), Failed: [] });
  },
};

const batchNotDeleted: Fault = {
  kind: 'whole batch delivered again',
  oneIn: 20,
  concerns: bySource('DeleteMessageBatch'),
  act: async ({ input }, _forward, _draw, count) => {
    count();
    return answer({ Successful: listOf(input.Entries).map(({ Id }) => ({ Id })), Failed: [] });
  },
};

/** The messages were taken out of the queue, and the answer with them was lost. */
const receiptLost: Fault = {
  kind: 'answer of ReceiveMessage lost',
  oneIn: 20,
  concerns: bySource('ReceiveMessage'),
  act: async (_call, forward, _draw, count) => {
    const reply = await forward();
    if (listOf(Object(JSON.parse(reply.body)).Messages).length === 0) return reply;
    count();
    return undefined;
  },
};

/** A message that a worker held on to past its visibility timeout: another worker has had it since. */
function pastVisibility(visibilityMs: number): Fault {
  const held: { readonly message: Json; readonly queue: unknown; readonly due: number }[] = [];
  return {
    kind: 'delayed past the visibility timeout',
    oneIn: 8,
    concerns: bySource('ReceiveMessage'),
    act: async ({ input }, forward, draw, count) => {
      const reply = await forward();
      return changed(reply, (body) => {
        const messages = listOf(body.Messages);
        const due = held.filter((each) => each.queue === input.QueueUrl && each.due < Date.now()).slice(0, 2);
        for (const each of due) held.splice(held.indexOf(each), 1);
        const late = due.map(({ message }) => message);
        for (let n = 0; n < late.length; n++) count();
        if (messages.length === 0) return body;
        const kept = draw.pick(messages);
        held.push({ message: kept, queue: input.QueueUrl, due: Date.now() + visibilityMs });
        const room = 10 - late.length;
        const others = messages.filter((message) => message !== kept).slice(0, room);
        return { ...body, Messages: [...others, ...late] };
      });
    },
  };
}

const reordered: Fault = {
  kind: 'reordered across groups',
  oneIn: 3,
  concerns: bySource('ReceiveMessage'),
  act: async (_call, forward, draw, count) =>
    changed(await forward(), (body) => {
      const groups = groupBy(listOf(body.Messages), groupOf);
      if (groups.size < 2) return body;
      count();
      return { ...body, Messages: shuffled([...groups.values()], draw).flat() };
    }),
};

function shuffled<T>(list: readonly T[], draw: Random): T[] {
  const rest = [...list];
  return list.flatMap(() => rest.splice(draw.int(0, rest.length - 1), 1));
}

/** The publisher sends, and sends the same again when the queue no longer knows its deduplication id. */
function pastDeduplication(later: (send: () => Promise<unknown>, ms: number) => void): Fault {
  return {
    kind: 'sent again after the deduplication window',
    oneIn: 15,
    concerns: ({ functionName, operation }: FaultyCall) =>
      functionName !== undefined && operation === 'SendMessageBatch',
    act: async ({ input }, forward, draw, count) => {
      const unknown = listOf(input.Entries).map((entry) => ({
        ...entry,
        ...(entry.MessageDeduplicationId !== undefined && {
          MessageDeduplicationId: `${draw.int(0, 0x7fffffff)}.${draw.int(0, 0x7fffffff)}`,
        }),
      }));
      later(() => forward(JSON.stringify({ ...input, Entries: unknown })).then(count), draw.int(100, 6_000));
      return forward();
    },
  };
}

/** The table whose stream is read; DynamoDB Local's iterators begin with the stream's ARN. */
export const tableOf = ({ input }: FaultyCall): string =>
  /:table\/([^/]+)\/stream\//.exec(String(input.ShardIterator))?.[1] ?? '';

/** The stream gives the records of the page before once more, as it does when a checkpoint is lost. */
function pageReplayed(): Fault {
  const before = new Map<string, readonly Json[]>();
  return {
    kind: 'stream records delivered again',
    oneIn: 8,
    concerns: bySource('GetRecords'),
    act: async (call, forward, _draw, count) =>
      changed(await forward(), (body) => {
        const records = listOf(body.Records);
        if (records.length === 0) return body;
        const earlier = before.get(tableOf(call)) ?? [];
        before.set(tableOf(call), records);
        if (earlier.length === 0) return body;
        count();
        return { ...body, Records: [...earlier, ...records] };
      }),
  };
}

/**
 * @param visibilityMs the visibility timeout of the platform's queues
 * @param later carries out a send after some milliseconds, outside of the call that it belongs to
 */
export const deliveryFaults = (
  visibilityMs: number,
  later: (send: () => Promise<unknown>, ms: number) => void,
): readonly Fault[] => [
  notDeleted,
  batchNotDeleted,
  receiptLost,
  pastVisibility(visibilityMs),
  reordered,
  pastDeduplication(later),
  pageReplayed(),
];

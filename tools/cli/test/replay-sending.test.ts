import { createHash } from 'node:crypto';
import type { ReplayedEvent } from '../src/replay/item-events.ts';
import { sendAll } from '../src/replay/sending.ts';
import { standIn } from './sqs-stand-in.ts';

const event = (name: string): ReplayedEvent => ({
  ...{ eventId: name, subject: name, type: 'orderly.order.placed.v1' },
  ...{ body: name, group: name, deduplicationId: name },
});
const [a, b] = [event('a'), event('b')];

const md5 = (body: string) => createHash('md5').update(body).digest('hex');
/** Entries of an answer: the SDK checks what SQS says it has stored. */
const sent = (...entries: readonly (readonly [Id: string, body: string])[]) =>
  entries.map(([Id, body]) => ({ Id, MessageId: Id, MD5OfMessageBody: md5(body) }));
const entry = (Id: string, Code: string, SenderFault: boolean) => ({ Id, Code, Message: 'no', SenderFault });

let service: Awaited<ReturnType<typeof standIn>>;
afterEach(() => service.stop());

async function send(...answers: readonly object[]) {
  service = await standIn({ SendMessageBatch: answers });
  return sendAll(service.sqs, service.source, [a, b], async () => undefined);
}

const bodiesOfCalls = () =>
  service.calls.map(({ input }) => JSON.stringify(input.Entries).match(/"[ab]"/g)?.[0]);

it('what one answer refuses for a while is sent again, alone', async () => {
  const failed = await send(
    { Successful: sent(['0', 'a']), Failed: [entry('1', 'InternalFailure', false)] },
    { Successful: sent(['0', 'b']), Failed: [] },
  );

  expect(failed).toEqual([]);
  expect(service.calls.map(({ input }) => Object(input.Entries).length)).toEqual([2, 1]);
  expect(bodiesOfCalls()[1]).toBe('"b"');
});

it('an entry that no answer names counts as not sent', async () => {
  await send({ Successful: sent(['0', 'a']) }, { Successful: sent(['0', 'b']) });

  expect(service.calls).toHaveLength(2);
});

it('what is refused for good is reported, and the others are sent', async () => {
  const failed = await send({ Successful: sent(['1', 'b']), Failed: [entry('0', 'MessageTooLong', true)] });

  expect(failed).toEqual([{ subject: 'a', eventId: 'a', reason: 'MessageTooLong: no' }]);
  expect(service.calls).toHaveLength(1);
});

it.each(['com.amazonaws.sqs#QueueDoesNotExist', 'com.amazonaws.sqs#AccessDeniedException'])(
  'a queue that refuses everything ends it: %s',
  async (__type) => {
    await expect(send({ __type, message: 'no' })).rejects.toThrow('refuses');
  },
);

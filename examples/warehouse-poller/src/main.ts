import { type Message, SQSClient } from '@aws-sdk/client-sqs';
import { dispatcher, OrderCancelled, OrderConfirmed, on } from '@orderly/contracts';
import { Consumer } from 'sqs-consumer';
import { type OrderEvent, print, type Sheet, toText, withdraw } from './sheet.ts';
import { Spool } from './spool.ts';
import { subscribe } from './subscription.ts';

const stage = process.env.STAGE ?? 'dev';
const spool = await Spool.open(process.env.SPOOL ?? 'spool');
const sqs = new SQSClient({});
const queueUrl = await subscribe(sqs, stage, [OrderConfirmed.name, OrderCancelled.name]);

/** Reads how the order stands, decides, and puts the sheet; an event that was heard already changes nothing. */
const putting =
  <E extends OrderEvent>(decide: (standing: Sheet | undefined, event: E) => Sheet | undefined) =>
  async (event: E): Promise<void> => {
    const standing = await spool.find(event.data.orderId);
    const sheet = decide(standing, event);
    if (sheet === undefined) return;
    const text = toText(sheet, event.data.lines);
    await spool.put(sheet, text, standing);
    console.log(text);
  };

const dispatch = dispatcher(on(OrderConfirmed, putting(print)), on(OrderCancelled, putting(withdraw)));

/** One after the other. @returns what was handled; the rest stays in the queue and comes again */
async function handleMessageBatch(messages: readonly Message[]): Promise<Message[]> {
  const handled: Message[] = [];
  for (const message of messages) {
    try {
      await dispatch(message.Body ?? '');
      handled.push(message);
    } catch (error) {
      console.error(`Message ${message.MessageId} failed; it will be delivered again or parked`, error);
    }
  }
  return handled;
}

let working = false;
const consumer = Consumer.create({
  queueUrl,
  sqs,
  batchSize: 10,
  handleMessageBatch,
  ...(process.env.VISIBILITY_TIMEOUT && { visibilityTimeout: Number(process.env.VISIBILITY_TIMEOUT) }),
});
consumer.on('message_received', () => {
  working = true;
});
consumer.on('response_processed', () => {
  working = false;
});
consumer.on('error', (error) => {
  if (consumer.status.isRunning) console.error(error.message);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // A batch is finished, an idle wait for messages is not; then nothing is left to do and the process ends.
  process.on(signal, () => consumer.stop({ abort: !working }));
}

consumer.start();
console.log(`Subscribed: ${queueUrl}`);

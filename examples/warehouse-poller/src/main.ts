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

/** Reads the order's sheet, decides, and writes a new one. An event that was already handled changes nothing. */
const handleWith =
  <E extends OrderEvent>(decide: (current: Sheet | undefined, event: E) => Sheet | undefined) =>
  async (event: E): Promise<void> => {
    const current = await spool.find(event.data.orderId);
    const sheet = decide(current, event);
    if (sheet === undefined) return;
    const text = toText(sheet, event.data.lines);
    await spool.put(sheet, text, current);
    console.log(text);
  };

const dispatch = dispatcher(on(OrderConfirmed, handleWith(print)), on(OrderCancelled, handleWith(withdraw)));

/** Handles messages one by one. @returns those that were handled; the others are redelivered */
async function handleMessageBatch(messages: readonly Message[]): Promise<Message[]> {
  const handled: Message[] = [];
  for (const message of messages) {
    try {
      await dispatch(message.Body ?? '');
      handled.push(message);
    } catch (error) {
      console.error(`Message ${message.MessageId} failed; it will be redelivered or dead-lettered`, error);
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
  // Finishes a batch, but not an idle wait for messages; then the process ends.
  process.on(signal, () => consumer.stop({ abort: !working }));
}

consumer.start();
console.log(`Subscribed: ${queueUrl}`);

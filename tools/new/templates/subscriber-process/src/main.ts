import { type Message, SQSClient } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import { createDispatch, events } from './react.ts';
import { subscribe } from './subscription.ts';

const sqs = new SQSClient({});
const queueUrl = await subscribe(sqs, process.env.STAGE ?? 'dev', events);
const dispatch = createDispatch(console.log);

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
const consumer = Consumer.create({ queueUrl, sqs, batchSize: 10, handleMessageBatch });
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

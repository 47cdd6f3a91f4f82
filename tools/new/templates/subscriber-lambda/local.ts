import { readFile } from 'node:fs/promises';
import { type Message, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { Consumer } from 'sqs-consumer';
import { createResources, readTemplate } from './local-resources.ts';

/** Runs the function on a local platform: creates the resources of serverless.yml, and polls as Lambda does. */

const stage = process.env.STAGE ?? 'dev';
process.env.AWS_ENDPOINT_URL_SQS ??= 'http://127.0.0.1:9324';
process.env.AWS_REGION ??= 'eu-central-1';
// Emulators ignore credentials, and must not receive those of your shell.
process.env.AWS_ACCESS_KEY_ID = 'local';
process.env.AWS_SECRET_ACCESS_KEY = 'local';

const template = readTemplate(await readFile(new URL('serverless.yml', import.meta.url), 'utf8'), stage);
const subscription = await createResources(template);

Object.assign(process.env, template.functions['consume-__topic__'].environment);
// Imported here, because the function reads its environment when it is loaded.
const { handler } = await import('./src/consume-__topic__.ts');

/** A message as Lambda passes it to a function. */
function toRecord(message: Message): SQSRecord {
  const { MessageId = '', ReceiptHandle = '', Body = '', MD5OfBody = '', Attributes = {} } = message;
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    // Every system attribute was requested.
    attributes: Attributes as unknown as SQSRecord['attributes'],
    messageAttributes: {},
    md5OfBody: MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: subscription.arn,
    awsRegion: process.env.AWS_REGION ?? '',
  };
}

let working = false;
const consumer = Consumer.create({
  queueUrl: subscription.url,
  sqs: new SQSClient({}),
  batchSize: 10,
  messageSystemAttributeNames: ['All'],
  // The handler keeps the order within each group; what it gives back stays in the queue.
  suppressFifoWarning: true,
  ...(process.env.VISIBILITY_TIMEOUT && { visibilityTimeout: Number(process.env.VISIBILITY_TIMEOUT) }),
  async handleMessageBatch(messages) {
    const { batchItemFailures } = await handler({ Records: messages.map(toRecord) });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    return messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
  },
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
console.log(`Subscribed: ${subscription.url}`);

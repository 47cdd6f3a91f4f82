import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { dispatcher, OrderConfirmed, on } from '@orderly/contracts';

// The local platform; leave both out on AWS.
const local = {
  endpoint: process.env.AWS_ENDPOINT_URL_SQS ?? 'http://127.0.0.1:9324',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
const sqs = new SQSClient({ region: 'eu-central-1', ...local });

const dispatch = dispatcher(
  on(OrderConfirmed, async ({ data, sequence }) => {
    console.log(`Order ${data.orderId} is confirmed: ${data.total} ${data.currency}, version ${sequence}`);
  }),
);

async function main() {
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: `${process.env.STAGE ?? 'dev'}-order-events--my-team.fifo`,
      Attributes: {
        FifoQueue: 'true',
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
        MessageRetentionPeriod: String(14 * 24 * 3600),
        SqsManagedSseEnabled: 'true',
      },
      tags: { 'orderly:events': 'OrderConfirmed' },
    }),
  );
  console.log('Subscribed. Place an order.');
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    for (const { Body = '', ReceiptHandle } of Messages) {
      await dispatch(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

void main();

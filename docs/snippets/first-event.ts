import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
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
const stage = process.env.STAGE ?? 'dev';

const dispatch = dispatcher(
  on(OrderConfirmed, async ({ data, sequence }) => {
    console.log(`Order ${data.orderId} is confirmed: ${data.total} ${data.currency}, version ${sequence}`);
  }),
);

/** Creates a queue, or finds the existing one. */
async function createQueue(name: string, attributes = {}, tags = {}) {
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: {
        FifoQueue: 'true',
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
        MessageRetentionPeriod: String(14 * 24 * 3600),
        SqsManagedSseEnabled: 'true',
        ...attributes,
      },
      tags,
    }),
  );
  return QueueUrl;
}

async function subscribe() {
  const failures = await createQueue(`${stage}-dlq--order-events--my-team.fifo`);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: failures, AttributeNames: ['QueueArn'] }),
  );
  const redrive = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 5 };
  return createQueue(
    `${stage}-order-events--my-team.fifo`,
    { RedrivePolicy: JSON.stringify(redrive) },
    { 'orderly:events': 'OrderConfirmed' },
  );
}

async function main() {
  const QueueUrl = await subscribe();
  console.log('Subscribed. Place an order.');
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    for (const { Body = '', MessageId, ReceiptHandle } of Messages) {
      try {
        await dispatch(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      } catch (error) {
        // It is redelivered after the visibility timeout, and dead-lettered after five receives.
        console.error(`Message ${MessageId} failed:`, error);
      }
    }
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

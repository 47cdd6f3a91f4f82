import { PubSub } from '@google-cloud/pubsub';
import { dispatcher, OrderConfirmed, on } from '@orderly/contracts';

// PUBSUB_EMULATOR_HOST names the local platform's Pub/Sub; without it the client calls Google's.
const { GOOGLE_CLOUD_PROJECT: projectId = 'orderly', STAGE: stage = 'dev' } = process.env;
const pubsub = new PubSub({ projectId });
const topic = pubsub.topic(`${stage}-order-events`);

const dispatch = dispatcher(
  on(OrderConfirmed, async ({ data, sequence }) => {
    console.log(`Order ${data.orderId} is confirmed: ${data.total} ${data.currency}, version ${sequence}`);
  }),
);

async function subscribe() {
  const failures = pubsub.topic(`${stage}-dlq--order-events--my-team`);
  // A topic keeps nothing without a subscription.
  const kept = failures.subscription(`${stage}-dlq--order-events--my-team`);
  // One message at a time: a later one of an aggregate must not overtake an earlier one.
  const flowControl = { maxMessages: 1, allowExcessMessages: false };
  const subscription = topic.subscription(`${stage}-order-events--my-team`, { flowControl });
  if (!(await failures.exists())[0]) await failures.create();
  if (!(await kept.exists())[0]) await kept.create();
  if (!(await subscription.exists())[0]) {
    await subscription.create({
      enableMessageOrdering: true,
      messageRetentionDuration: { seconds: 14 * 24 * 3600 },
      filter: `attributes.type = "${OrderConfirmed.type}"`,
      deadLetterPolicy: { deadLetterTopic: failures.name, maxDeliveryAttempts: 5 },
      retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 60 } },
    });
  }
  return subscription;
}

async function main() {
  const subscription = await subscribe();
  subscription.on('message', async (message) => {
    try {
      await dispatch(message.data.toString());
      message.ack();
    } catch (error) {
      // It is redelivered, and dead-lettered after five deliveries.
      console.error(`Message ${message.id} failed:`, error);
      message.nack();
    }
  });
  subscription.on('error', (error) => {
    console.error(error);
    process.exitCode = 1;
  });
  console.log('Subscribed. Place an order.');
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

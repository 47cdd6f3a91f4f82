import { ServiceBusAdministrationClient, ServiceBusClient } from '@azure/service-bus';
import { dispatcher, OrderConfirmed, on } from '@orderly/contracts';

const { SERVICE_BUS = '', SERVICE_BUS_HTTP, STAGE: stage = 'dev' } = process.env;
const client = new ServiceBusClient(SERVICE_BUS);
const management = new ServiceBusAdministrationClient(SERVICE_BUS);
const topic = `${stage}-order-events`;
const name = 'my-team';

// The local platform has HTTP at a port of its own; leave this out on Azure.
if (SERVICE_BUS_HTTP) {
  management.pipeline.addPolicy({
    name: 'local',
    sendRequest(request, next) {
      const { pathname, search } = new URL(request.url);
      request.url = `${SERVICE_BUS_HTTP}${pathname}${search}`;
      request.allowInsecureConnection = true;
      return next(request);
    },
  });
}

const dispatch = dispatcher(
  on(OrderConfirmed, async ({ data, sequence }) => {
    console.log(`Order ${data.orderId} is confirmed: ${data.total} ${data.currency}, version ${sequence}`);
  }),
);

async function subscribe() {
  if (await management.subscriptionExists(topic, name)) return;
  await management.createSubscription(topic, name, {
    requiresSession: true,
    maxDeliveryCount: 5,
    defaultMessageTimeToLive: 'P14D',
    deadLetteringOnMessageExpiration: true,
    defaultRuleOptions: {
      name: 'events',
      filter: { sqlExpression: `sys.Label IN ('${OrderConfirmed.type}')` },
    },
  });
}

/** Handles the messages of an aggregate that are there. The later ones wait for one that fails. */
async function handleNext() {
  const session = await client.acceptNextSession(topic, name, { skipParsingBodyAsJson: true });
  try {
    for (const message of await session.receiveMessages(20, { maxWaitTimeInMs: 100 })) {
      try {
        await dispatch(String(message.body));
      } catch (error) {
        // It is redelivered, and dead-lettered after five deliveries.
        console.error(`Message ${message.messageId} failed:`, error);
        return await session.abandonMessage(message);
      }
      await session.completeMessage(message);
    }
  } finally {
    await session.close();
  }
}

async function main() {
  await subscribe();
  console.log('Subscribed. Place an order.');
  for (;;) {
    try {
      await handleNext();
    } catch (error) {
      // Nothing came for a minute, or the lock has expired: then the messages come again.
      if (!['ServiceTimeout', 'SessionLockLost'].includes(Object(error).code)) throw error;
    }
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

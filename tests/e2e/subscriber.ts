import type { Broker } from './brokers/broker.ts';
import { pubSubBroker } from './brokers/pubsub.ts';
import { serviceBusBroker } from './brokers/service-bus.ts';
import { sqsBroker } from './brokers/sqs.ts';
import { isDeployed, localPlatform, platform } from './platform.ts';
import { queues } from './queues.ts';

export type { Broker, TopicSubscription } from './brokers/broker.ts';

/** Connects to the broker of the platform under test by the cloud's own client. */
export async function connectBroker(): Promise<Broker> {
  const { stage } = platform();
  const broker = isDeployed() ? undefined : localPlatform().broker;
  switch (broker?.cloud) {
    case 'azure':
      return serviceBusBroker(stage, broker);
    case 'google':
      return pubSubBroker(stage, broker);
    case undefined:
      return sqsBroker(queues);
  }
}

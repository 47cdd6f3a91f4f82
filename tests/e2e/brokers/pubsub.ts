import { randomUUID } from 'node:crypto';
import { installed } from '@orderly/clouds/install';
import { Arrivals, type Broker } from './broker.ts';

interface Message {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  ack(): void;
}

interface Subscription {
  on(event: 'message', listener: (message: Message) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  delete(): Promise<unknown>;
  close(): Promise<void>;
}

/** As much of `@google-cloud/pubsub` as is used: it is installed on first use, and so has no types here. */
interface Library {
  readonly PubSub: new (
    options: object,
  ) => {
    topic(
      name: string,
      options?: object,
    ): {
      publishMessage(message: object): Promise<string>;
      createSubscription(name: string, options: object): Promise<readonly [Subscription]>;
    };
    subscription(name: string): Subscription;
    close(): Promise<void>;
  };
}

/** Acknowledges what comes. */
function arrivalsOf(subscription: Subscription): Arrivals<Message> {
  const arrivals = new Arrivals<Message>();
  subscription.on('error', (error) => arrivals.fail(error));
  subscription.on('message', (message) => {
    arrivals.add(message);
    message.ack();
  });
  return arrivals;
}

/** Pub/Sub by Google's own client. */
export async function pubSubBroker(
  stage: string,
  { address, project }: { readonly address: string; readonly project: string },
): Promise<Broker> {
  // The client would look for Google's metadata server, with a warning when there is none.
  process.env.METADATA_SERVER_DETECTION = 'none';
  const { PubSub } = (await installed('google'))('@google-cloud/pubsub') as Library;
  const client = new PubSub({ projectId: project, apiEndpoint: address, emulatorMode: true });
  return {
    async subscribe({ topic, subscriber, isOrdered, types }) {
      const filter = types?.map((type) => `attributes.type = "${type}"`).join(' OR ');
      const [subscription] = await client
        .topic(`${stage}-${topic}`)
        .createSubscription(`${stage}-${topic}--${subscriber}`, {
          enableMessageOrdering: isOrdered,
          ...(filter && { filter }),
        });
      const arrivals = arrivalsOf(subscription);
      return {
        async receive() {
          const messages = await arrivals.take();
          const published = messages.filter(({ attributes }) => attributes.isOfTest === undefined);
          return published.map(({ data }) => data.toString('utf8'));
        },
        async close() {
          await subscription.close();
          await subscription.delete();
        },
      };
    },
    async send(topic, _consumer, { subject = randomUUID(), type, body }) {
      await client.topic(`${stage}-${topic}`, { messageOrdering: true }).publishMessage({
        data: Buffer.from(body),
        orderingKey: subject,
        attributes: { type, isOfTest: 'true' },
      });
    },
    async takeDeadLetters(topic, consumer) {
      const subscription = client.subscription(`${stage}-dlq--${topic}--${consumer}`);
      const messages = await arrivalsOf(subscription).take();
      await subscription.close();
      return messages.map(({ data }) => data.toString('utf8'));
    },
    close: () => client.close(),
  };
}

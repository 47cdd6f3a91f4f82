import { installed } from '../../src/install.ts';

export interface ReceivedMessage {
  readonly id: string;
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string | undefined;
  readonly deliveryAttempt: number;
  readonly publishTime: Date;
  ack(): void;
  nack(): void;
}

export interface ClientSubscription {
  readonly name: string;
  on(event: 'message', listener: (message: ReceivedMessage) => void): void;
  on(event: 'error', listener: (error: Error & { readonly code: number }) => void): void;
  getMetadata(): Promise<readonly [Readonly<Record<string, unknown>>]>;
  setMetadata(metadata: object): Promise<unknown>;
  modifyPushConfig(config: object): Promise<unknown>;
  delete(): Promise<unknown>;
  close(): Promise<void>;
}

export interface ClientTopic {
  readonly name: string;
  publishMessage(message: object): Promise<string>;
  resumePublishing(key: string): void;
  createSubscription(name: string, options?: object): Promise<readonly [ClientSubscription]>;
  subscription(name: string, options?: object): ClientSubscription;
  getMetadata(): Promise<readonly [Readonly<Record<string, unknown>>]>;
  delete(): Promise<unknown>;
}

/** As much of @google-cloud/pubsub as the tests use: it is installed on first use, and so has no types here. */
export interface Client {
  createTopic(name: string): Promise<readonly [ClientTopic]>;
  topic(name: string, options?: object): ClientTopic;
  subscription(name: string, options?: object): ClientSubscription;
  getTopics(): Promise<readonly [readonly ClientTopic[]]>;
  getSubscriptions(): Promise<readonly [readonly ClientSubscription[]]>;
  createSchema(name: string, type: string, definition: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Google's own client, on a stand-in. @param address as PUBSUB_EMULATOR_HOST has it */
export const connect = async (address: string): Promise<Client> => {
  // It would look for Google's metadata server, with a warning when there is none.
  process.env.METADATA_SERVER_DETECTION = 'none';
  const { PubSub } = (await installed('google'))('@google-cloud/pubsub') as {
    readonly PubSub: new (options: object) => Client;
  };
  return new PubSub({ projectId: 'orderly', apiEndpoint: address, emulatorMode: true });
};

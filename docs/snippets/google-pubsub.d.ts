/** As much of Google's package as the snippets use: this repository installs it only where Google Cloud is tested. */
declare module '@google-cloud/pubsub' {
  interface Message {
    readonly id: string;
    readonly data: Buffer;
    ack(): void;
    nack(): void;
  }

  interface SubscriptionSettings {
    readonly enableMessageOrdering?: boolean;
    readonly messageRetentionDuration?: { readonly seconds: number };
    readonly filter?: string;
    readonly deadLetterPolicy?: { readonly deadLetterTopic: string; readonly maxDeliveryAttempts: number };
    readonly retryPolicy?: {
      readonly minimumBackoff: { readonly seconds: number };
      readonly maximumBackoff: { readonly seconds: number };
    };
  }

  interface Subscription {
    exists(): Promise<readonly [boolean]>;
    create(settings?: SubscriptionSettings): Promise<unknown>;
    on(event: 'message', listener: (message: Message) => void): void;
    on(event: 'error', listener: (error: Error) => void): void;
  }

  interface Topic {
    readonly name: string;
    exists(): Promise<readonly [boolean]>;
    create(): Promise<unknown>;
    subscription(
      name: string,
      options?: {
        readonly flowControl?: { readonly maxMessages: number; readonly allowExcessMessages: boolean };
      },
    ): Subscription;
  }

  export class PubSub {
    constructor(options: { readonly projectId: string });
    topic(name: string): Topic;
  }
}

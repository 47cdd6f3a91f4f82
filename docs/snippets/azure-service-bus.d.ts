/** As much of Microsoft's package as the snippets use: this repository installs it only where Azure is tested. */
declare module '@azure/service-bus' {
  interface ReceivedMessage {
    readonly body: unknown;
    readonly messageId?: string;
  }

  interface SessionReceiver {
    receiveMessages(
      maximum: number,
      options?: { readonly maxWaitTimeInMs?: number },
    ): Promise<ReceivedMessage[]>;
    completeMessage(message: ReceivedMessage): Promise<void>;
    abandonMessage(message: ReceivedMessage): Promise<void>;
    close(): Promise<void>;
  }

  export class ServiceBusClient {
    constructor(connectionString: string);
    acceptNextSession(
      topic: string,
      subscription: string,
      options?: { readonly skipParsingBodyAsJson?: boolean },
    ): Promise<SessionReceiver>;
  }

  interface Request {
    url: string;
    allowInsecureConnection: boolean;
  }

  interface SubscriptionOptions {
    readonly requiresSession?: boolean;
    readonly maxDeliveryCount?: number;
    readonly defaultMessageTimeToLive?: string;
    readonly deadLetteringOnMessageExpiration?: boolean;
    readonly defaultRuleOptions?: {
      readonly name: string;
      readonly filter: { readonly sqlExpression: string };
    };
  }

  export class ServiceBusAdministrationClient {
    readonly pipeline: {
      addPolicy(policy: {
        readonly name: string;
        sendRequest(request: Request, next: (request: Request) => Promise<object>): Promise<object>;
      }): void;
    };
    constructor(connectionString: string);
    subscriptionExists(topic: string, name: string): Promise<boolean>;
    createSubscription(topic: string, name: string, options?: SubscriptionOptions): Promise<object>;
  }
}

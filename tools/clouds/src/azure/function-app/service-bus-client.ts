/** A number of 64 bits. */
interface Long {
  toString(): string;
}

export interface ReceivedMessage {
  readonly body: Buffer;
  readonly messageId?: string;
  readonly sessionId?: string;
  readonly subject?: string;
  readonly correlationId?: string;
  readonly contentType?: string;
  readonly to?: string;
  readonly replyTo?: string;
  readonly replyToSessionId?: string;
  readonly partitionKey?: string;
  readonly applicationProperties?: Readonly<Record<string, unknown>>;
  /** Failed deliveries. */
  readonly deliveryCount?: number;
  readonly sequenceNumber?: Long;
  readonly enqueuedTimeUtc?: Date;
  readonly expiresAtUtc?: Date;
  readonly lockToken?: string;
  readonly deadLetterSource?: string;
}

export interface Receiver {
  receiveMessages(
    maximum: number,
    options: { readonly maxWaitTimeInMs: number },
  ): Promise<readonly ReceivedMessage[]>;
  completeMessage(message: ReceivedMessage): Promise<void>;
  abandonMessage(message: ReceivedMessage): Promise<void>;
  subscribe(
    handlers: {
      processMessage(message: ReceivedMessage): Promise<void>;
      processError(args: { readonly error: Error }): Promise<void>;
    },
    options: { readonly maxConcurrentCalls: number; readonly autoCompleteMessages: boolean },
  ): unknown;
  close(): Promise<void>;
}

/** As much of `@azure/service-bus` as a host needs: it is installed on first use, and so has no types here. */
export interface ServiceBusClient {
  createReceiver(...entityAndOptions: readonly unknown[]): Receiver;
  acceptNextSession(...entityAndOptions: readonly unknown[]): Promise<Receiver>;
  close(): Promise<void>;
}

export interface ServiceBusLibrary {
  readonly ServiceBusClient: new (connectionString: string) => ServiceBusClient;
}

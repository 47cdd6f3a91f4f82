import type { AwsCall } from '../call.ts';
import { AwsError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/service.ts';
import { backOff } from './back-off.ts';
import type { EventSourceContext } from './context.ts';
import { type SqsRecord, toSqsRecord } from './sqs-record.ts';

/** A batch operation takes ten entries: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html */
const ENTRIES = 10;
/** The SDKs try three times, too. */
const ATTEMPTS = 3;

const queueUrl = async (call: AwsCall, arn: string): Promise<string> => {
  const { QueueUrl } = await call('sqs', 'GetQueueUrl', { QueueName: arn.split(':').at(-1) });
  return String(QueueUrl);
};

/** Sends a message to the queue with this ARN. */
export const sendTo = async (call: AwsCall, arn: string, body: string): Promise<void> => {
  await call('sqs', 'SendMessage', { QueueUrl: await queueUrl(call, arn), MessageBody: body });
};

export interface Receive {
  /** At most ten. */
  readonly maximum: number;
  readonly waitSeconds: number;
  readonly visibilitySeconds: number;
}

const listOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value : []);

/** True when another try may go better: the service was not reached, or it is at fault. */
const passing = (error: unknown): boolean => !(error instanceof AwsError) || error.status >= 500;

type Context = Pick<EventSourceContext, 'call' | 'clock' | 'chance'>;

/** One queue, as an event source uses it. */
export class SqsQueue {
  readonly url: string;
  /** The queue's own visibility timeout. */
  readonly visibilitySeconds: number;
  readonly #arn: string;
  readonly #context: Context;

  private constructor(arn: string, url: string, visibilitySeconds: number, context: Context) {
    this.#arn = arn;
    this.url = url;
    this.visibilitySeconds = visibilitySeconds;
    this.#context = context;
  }

  /** @throws AwsError when the queue does not exist */
  static async open(arn: string, context: Context): Promise<SqsQueue> {
    const url = await queueUrl(context.call, arn);
    const { Attributes } = await context.call('sqs', 'GetQueueAttributes', {
      QueueUrl: url,
      AttributeNames: ['VisibilityTimeout'],
    });
    return new SqsQueue(arn, url, Number(Object(Attributes).VisibilityTimeout ?? 30), context);
  }

  async receive(
    { maximum, waitSeconds, visibilitySeconds }: Receive,
    signal: AbortSignal,
  ): Promise<readonly SqsRecord[]> {
    const input = {
      QueueUrl: this.url,
      MaxNumberOfMessages: maximum,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: visibilitySeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    };
    const { Messages } = await this.#context.call('sqs', 'ReceiveMessage', input, signal);
    return listOf(Messages).map((message) => toSqsRecord(message, this.#arn));
  }

  /**
   * @returns why messages were not deleted, once for each reason: they come again
   * @throws when the queue cannot be reached
   */
  delete(records: readonly SqsRecord[]): Promise<readonly string[]> {
    return this.#inBatches('DeleteMessageBatch', records, {});
  }

  /** Hides the messages for this many seconds from now; 0 shows them at once. */
  async hide(records: readonly SqsRecord[], seconds: number): Promise<void> {
    await this.#inBatches('ChangeMessageVisibilityBatch', records, { VisibilityTimeout: seconds });
  }

  /** @returns why entries failed, once for each reason */
  async #inBatches(
    operation: string,
    records: readonly SqsRecord[],
    more: JsonObject,
  ): Promise<readonly string[]> {
    const reasons = new Set<string>();
    for (let at = 0; at < records.length; at += ENTRIES) {
      const Entries = records
        .slice(at, at + ENTRIES)
        .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle, ...more }));
      const { Failed } = await this.#again(operation, { QueueUrl: this.url, Entries });
      for (const { Code, Message } of listOf(Failed)) reasons.add(`${Code}: ${Message}`);
    }
    return [...reasons];
  }

  /** For operations that do the same when they come twice. */
  async #again(operation: string, input: JsonObject): Promise<JsonObject> {
    for (let failures = 1; ; failures++) {
      try {
        return await this.#context.call('sqs', operation, input);
      } catch (error) {
        if (failures === ATTEMPTS || !passing(error)) throw error;
        await backOff(failures, this.#context);
      }
    }
  }
}

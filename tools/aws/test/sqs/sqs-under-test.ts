import type { Chance } from '../../chance.ts';
import { AwsError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/service.ts';
import { createSqs, type SqsService } from '../../sqs/service.ts';
import { ManualClock } from '../manual-clock.ts';

const REGION = 'eu-central-1';
export const ORIGIN = 'http://127.0.0.1:9324';
/** The code of most refusals. */
export const INVALID = 'InvalidParameterValueException';

export interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, JsonObject>>;
  readonly MD5OfMessageAttributes?: string;
}

/** What a call was refused with. */
interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** The same numbers in every run. */
const countingChance = (): Chance => {
  let count = 0;
  return {
    next: () => 0.5,
    uuid: () => {
      count += 1;
      return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
    },
  };
};

/** A new SQS and the calls that tests make. */
export class SqsUnderTest {
  readonly clock = new ManualClock(1_700_000_000_000);
  readonly sqs: SqsService = createSqs({ clock: this.clock, chance: countingChance(), region: REGION });
  #sent = 0;

  async call(operation: string, input: JsonObject = {}, more: Partial<Callers> = {}): Promise<JsonObject> {
    const caller = { signal: new AbortController().signal, origin: ORIGIN, ...more };
    // As over the wire: no undefined members.
    const output = await this.sqs.call('AmazonSQS', operation, input, caller);
    return JSON.parse(JSON.stringify(output)) as JsonObject;
  }

  async refusal(operation: string, input: JsonObject = {}): Promise<Refusal> {
    try {
      await this.call(operation, input);
    } catch (error) {
      if (error instanceof AwsError) return { code: error.code, message: error.message };
      throw error;
    }
    throw new Error(`${operation} was accepted.`);
  }

  /** Expects that a call is refused with a code. */
  async refuses(operation: string, code: string, input: JsonObject): Promise<void> {
    expect(await this.refusal(operation, input)).toMatchObject({ code });
  }

  refusesToSet(QueueUrl: string, code: string, Attributes: Readonly<Record<string, string>>): Promise<void> {
    return this.refuses('SetQueueAttributes', code, { QueueUrl, Attributes });
  }

  refusesToSend(QueueUrl: string, code: string, more: JsonObject): Promise<void> {
    return this.refuses('SendMessage', code, { QueueUrl, MessageBody: 'x', ...more });
  }

  async create(name: string, Attributes: Readonly<Record<string, string>> = {}): Promise<string> {
    const fifo = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
    const { QueueUrl } = await this.call('CreateQueue', {
      QueueName: name,
      Attributes: { ...fifo, ...Attributes },
    });
    return String(QueueUrl);
  }

  send(QueueUrl: string, MessageBody: string, more: JsonObject = {}): Promise<JsonObject> {
    return this.call('SendMessage', { QueueUrl, MessageBody, ...more });
  }

  /** To a group of a FIFO queue, with a deduplication id of its own. */
  sendTo(QueueUrl: string, MessageGroupId: string, MessageBody: string): Promise<JsonObject> {
    this.#sent += 1;
    return this.send(QueueUrl, MessageBody, {
      MessageGroupId,
      MessageDeduplicationId: `deduplication-${this.#sent}`,
    });
  }

  async receive(QueueUrl: string, more: JsonObject = {}, caller: Partial<Callers> = {}): Promise<Message[]> {
    const { Messages = [] } = await this.call(
      'ReceiveMessage',
      { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'], ...more },
      caller,
    );
    return Messages as Message[];
  }

  async receiveBodies(QueueUrl: string, more: JsonObject = {}): Promise<string[]> {
    return (await this.receive(QueueUrl, more)).map(({ Body }) => Body);
  }

  async receiveOne(QueueUrl: string, more: JsonObject = {}): Promise<Message> {
    const [message] = await this.receive(QueueUrl, { MaxNumberOfMessages: 1, ...more });
    if (!message) throw new Error('There was no message.');
    return message;
  }

  async delete(QueueUrl: string, ...messages: readonly Message[]): Promise<void> {
    for (const { ReceiptHandle } of messages) await this.call('DeleteMessage', { QueueUrl, ReceiptHandle });
  }

  hide(QueueUrl: string, { ReceiptHandle }: Message, VisibilityTimeout: number): Promise<JsonObject> {
    return this.call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout });
  }

  async attributes(QueueUrl: string): Promise<Record<string, string>> {
    const { Attributes } = await this.call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
    return Attributes as Record<string, string>;
  }

  set(QueueUrl: string, Attributes: Readonly<Record<string, string>>): Promise<JsonObject> {
    return this.call('SetQueueAttributes', { QueueUrl, Attributes });
  }

  /** A queue and its dead-letter queue. */
  async createWithDeadLetters(
    name: string,
    maxReceiveCount: number,
  ): Promise<{ queue: string; dead: string }> {
    const dead = await this.create(`dead-${name}`);
    const queue = await this.create(name, { RedrivePolicy: redriveTo(`dead-${name}`, maxReceiveCount) });
    return { queue, dead };
  }
}

interface Callers {
  readonly signal: AbortSignal;
  readonly undelivered: AbortSignal;
}

export const arnOf = (name: string): string => `arn:aws:sqs:${REGION}:000000000000:${name}`;

export const redriveTo = (name: string, maxReceiveCount: number): string =>
  JSON.stringify({ deadLetterTargetArn: arnOf(name), maxReceiveCount });

export const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

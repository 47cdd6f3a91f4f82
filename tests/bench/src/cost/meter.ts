import type { AwsCall, AwsReply, Intercept } from '@orderly/local/aws-proxy';
import type { PaidCall, Run } from './run.ts';

/** One run of a function, as function-hook.cjs prints it. */
export interface Invocation extends Omit<Run, 'calls'> {
  readonly id: string;
  /** The route, or the types of the events in the batch. */
  readonly causes: readonly string[];
}

export interface MeteredInvocation extends Invocation, Run {}

/** https://aws.amazon.com/sqs/pricing/ */
const SQS_CHUNK_BYTES = 64 * 1024;

const reads = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems']);

/** Counts what functions do while it stands between them and AWS. */
export class Meter {
  readonly #calls = new Map<string, PaidCall[]>();
  readonly #ended: MeteredInvocation[] = [];
  readonly #failures: string[] = [];

  readonly dynamodb: Intercept = async (call, forward) => {
    if (invocationOf(call) === undefined) return forward();
    const reply = await forward(
      JSON.stringify({ ...JSON.parse(call.body), ReturnConsumedCapacity: 'TOTAL' }),
    );
    const isRead = reads.has(call.operation);
    const units = consumedUnits(reply);
    this.#record(call, reply, {
      api: 'DynamoDB',
      operation: call.operation,
      readUnits: isRead ? units : 0,
      writeUnits: isRead ? 0 : units,
      requests: 0,
    });
    return reply;
  };

  readonly sqs: Intercept = async (call, forward) => {
    const reply = inWalk(call, await forward());
    if (invocationOf(call) === undefined) return reply;
    const requests = Math.ceil(Buffer.byteLength(call.body) / SQS_CHUNK_BYTES);
    const { QueueUrl } = JSON.parse(call.body) as { readonly QueueUrl?: string };
    this.#record(call, reply, {
      api: 'SQS',
      operation: call.operation,
      readUnits: 0,
      writeUnits: 0,
      requests,
      ...(QueueUrl !== undefined && { queue: QueueUrl.split('/').at(-1) ?? '' }),
    });
    return reply;
  };

  /** Takes what function-hook.cjs has printed, and ignores every other line. */
  readonly line = (line: string): void => {
    const [printed] = /\{"invocation":.*\}$/.exec(line) ?? [];
    if (printed === undefined) return;
    const { invocation } = JSON.parse(printed) as { invocation: Invocation };
    this.#ended.push({ ...invocation, calls: this.#calls.get(invocation.id) ?? [] });
  };

  /**
   * The invocations that have ended and are not taken yet.
   * @throws Error when AWS refused something: only what goes well can be counted
   */
  get ended(): readonly MeteredInvocation[] {
    if (this.#failures.length > 0) throw new Error(`AWS refused: ${this.#failures.join('; ')}`);
    return this.#ended;
  }

  take(): readonly MeteredInvocation[] {
    return this.#ended.splice(0);
  }

  #record(call: AwsCall, { status, body }: AwsReply, paid: PaidCall): void {
    const id = invocationOf(call) ?? '';
    if (status !== 200) this.#failures.push(`${call.operation} by ${id} with ${status} ${body}`);
    this.#calls.set(id, [...(this.#calls.get(id) ?? []), paid]);
  }
}

/** An order is carried by these, and webhooks posts its events; a service that was added to the repository has costs of its own. */
const subscribers = /--(orders|inventory|notifications|webhooks)\.fifo$/;

/** A list of queues without the subscriptions of other services. */
function inWalk({ operation }: AwsCall, reply: AwsReply): AwsReply {
  if (operation !== 'ListQueues' || reply.status !== 200) return reply;
  const list = JSON.parse(reply.body) as { readonly QueueUrls?: readonly string[] };
  const QueueUrls = list.QueueUrls?.filter((url) => subscribers.test(url));
  return { ...reply, body: JSON.stringify({ ...list, QueueUrls }) };
}

/** Set by function-hook.cjs; whoever else calls is not paid for here. */
function invocationOf({ headers }: AwsCall): string | undefined {
  const id = headers['x-invocation'];
  return typeof id === 'string' ? id : undefined;
}

/** Of one table, or of each table of a batch; its indexes included. */
function consumedUnits({ body }: AwsReply): number {
  const { ConsumedCapacity = [] } = JSON.parse(body) as { ConsumedCapacity?: Consumed | readonly Consumed[] };
  return [ConsumedCapacity].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
}

interface Consumed {
  readonly CapacityUnits: number;
}

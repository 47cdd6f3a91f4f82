import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { BatchResultErrorEntry, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';

/** An error that answers a whole call, as SQS spells it. */
export class Fault extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`sent by the stand-in`);
  }
}

export const noSuchQueue = new Fault(400, 'QueueDoesNotExist');
export const unavailable = new Fault(503, 'ServiceUnavailable');
export const accessDenied = new Fault(403, 'AccessDeniedException');

type Entry = SendMessageBatchRequestEntry;
/** Why an entry is refused; `omitted`: the answer does not name it at all. */
type Refusal = Omit<BatchResultErrorEntry, 'Id'> | 'omitted';

export class Queue {
  readonly received: Entry[] = [];
  /** The entries of each SendMessageBatch, accepted or not. */
  readonly batches: Entry[][] = [];
  /** Throws to fail the whole call. */
  refuses: (entry: Entry) => Refusal | undefined | false = () => undefined;
  /** Fails ListQueueTags. */
  tagsFault: Fault | undefined;
  listed = true;
  /** Refusals so far, for tests that count them. */
  refused = 0;

  constructor(
    readonly url: string,
    readonly tags: Readonly<Record<string, string>>,
  ) {}

  /** The ids of the events that it accepted, in order. */
  get events(): readonly (string | undefined)[] {
    return this.received.map(({ MessageBody = '' }) => JSON.parse(MessageBody).id);
  }
}

interface Input {
  readonly QueueUrl?: string;
  readonly QueueName?: string;
  readonly QueueNamePrefix?: string;
  readonly NextToken?: string;
  readonly Entries?: readonly Entry[];
}

/** An HTTP server that implements the JSON protocol of SQS and fails where a test says so. */
export class SqsStandIn {
  readonly #queues = new Map<string, Queue>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  /** The actions that were called, in order. */
  readonly calls: string[] = [];
  pageSize = 1_000;
  /** The URL of a queue to which a send gets no answer. */
  hangs: string | undefined;
  /** Fails ListQueues. */
  listFault: Fault | undefined;

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this.endpoint;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  create(name: string, tags: Readonly<Record<string, string>> = {}): Queue {
    const queue = new Queue(`${this.endpoint}/000000000000/${name}`, tags);
    this.#queues.set(name, queue);
    return queue;
  }

  delete(name: string): void {
    this.#queues.delete(name);
  }

  /** How often an action was called. */
  countOf(action: string): number {
    return this.calls.filter((call) => call === action).length;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    this.calls.push(action);
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    const input = (await json(request)) as Input;
    if (this.hangs !== undefined && this.hangs === input.QueueUrl) return;
    try {
      response.end(JSON.stringify(this.#act(action, input)));
    } catch (error) {
      const { status, code, message } = error instanceof Fault ? error : new Fault(500, String(error));
      response.statusCode = status;
      response.end(JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message }));
    }
  }

  #act(action: string, input: Input): unknown {
    switch (action) {
      case 'ListQueues':
        return this.#list(input);
      case 'ListQueueTags':
        return tagsOf(this.#queue(input.QueueUrl));
      case 'GetQueueUrl':
        return { QueueUrl: this.#queue(input.QueueName).url };
      case 'SendMessageBatch':
        return send(this.#queue(input.QueueUrl), input.Entries ?? []);
      default:
        throw new Fault(400, 'UnsupportedOperation');
    }
  }

  #queue(nameOrUrl = ''): Queue {
    const queue = this.#queues.get(nameOrUrl.split('/').at(-1) ?? '');
    if (queue === undefined) throw noSuchQueue;
    return queue;
  }

  #list({ QueueNamePrefix = '', NextToken = '0' }: Input) {
    if (this.listFault !== undefined) throw this.listFault;
    const found = [...this.#queues].filter(
      ([name, { listed }]) => listed && name.startsWith(QueueNamePrefix),
    );
    const begin = Number(NextToken);
    const end = begin + this.pageSize;
    const QueueUrls = found.slice(begin, end).map(([, { url }]) => url);
    return {
      // SQS omits an empty list.
      ...(QueueUrls.length > 0 && { QueueUrls }),
      ...(end < found.length && { NextToken: String(end) }),
    };
  }
}

function tagsOf({ tags, tagsFault }: Queue) {
  if (tagsFault !== undefined) throw tagsFault;
  return { Tags: tags };
}

function send(queue: Queue, entries: readonly Entry[]) {
  queue.batches.push([...entries]);
  const answers = entries.map((entry) => ({ entry, refusal: queue.refuses(entry) || undefined }));
  const accepted = answers.filter(({ refusal }) => refusal === undefined).map(({ entry }) => entry);
  queue.received.push(...accepted);
  return {
    Successful: accepted.map(({ Id, MessageBody = '' }) => ({
      Id,
      MessageId: Id,
      MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
    })),
    Failed: answers.flatMap(({ entry: { Id }, refusal }) =>
      refusal === undefined || refusal === 'omitted' ? [] : [{ Id, ...refusal }],
    ),
  };
}

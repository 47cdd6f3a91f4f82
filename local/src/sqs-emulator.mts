import { buildApp } from 'fauxqs';

interface Queue {
  readonly inflightMessages: Map<string, { message: { approximateReceiveCount: number } }>;
  changeVisibility(receiptHandle: string, seconds: number): void;
}

interface SqsStore {
  host: string;
  getQueue(url: string): Queue | undefined;
}

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;

/**
 * The package exports its ready-made server only. That one listens on every network interface and
 * names queues `sqs.<region>.localhost`, a name that not every resolver knows, so the stores are
 * made here and given the address of the request instead.
 */
const createStores = async (): Promise<Stores & { sqsStore: SqsStore }> => {
  const load = (path: string) => import(new URL(path, import.meta.resolve('fauxqs')).href);
  const [{ SqsStore }, { SnsStore }, { S3Store }] = await Promise.all([
    load('sqs/sqsStore.js'),
    load('sns/snsStore.js'),
    load('s3/s3Store.js'),
  ]);
  const sqsStore = new SqsStore();
  sqsStore.host = '';
  return { sqsStore, snsStore: new SnsStore(), s3Store: new S3Store() };
};

interface IncomingRequest {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly raw: { readonly socket: { readonly destroyed: boolean } };
}

interface Received {
  readonly Messages?: readonly { readonly ReceiptHandle: string }[];
}

/** A consumer killed while it polls must not take messages with it: they go back at once, uncounted. */
const giveBack = (queue: Queue | undefined, answer: string): void => {
  const { Messages = [] } = JSON.parse(answer) as Received;
  for (const { ReceiptHandle } of [...Messages].reverse()) {
    const inFlight = queue?.inflightMessages.get(ReceiptHandle);
    if (inFlight) inFlight.message.approximateReceiveCount -= 1;
    queue?.changeVisibility(ReceiptHandle, 0);
  }
};

/**
 * Starts SQS in this process, on 127.0.0.1.
 * @param port 0 for any free one
 * @returns the endpoint, and a function that closes it and its connections
 */
export const startSqs = async (port: number): Promise<{ endpoint: string; stop: () => Promise<void> }> => {
  const stores = await createStores();
  const app = buildApp({ logger: false, stores });
  app.addHook('onSend', async (request: IncomingRequest, _reply: unknown, payload: unknown) => {
    const receiving = String(request.headers['x-amz-target']).endsWith('.ReceiveMessage');
    if (receiving && request.raw.socket.destroyed && typeof payload === 'string') {
      const { QueueUrl } = Object(request.body) as { QueueUrl?: string };
      giveBack(stores.sqsStore.getQueue(QueueUrl ?? ''), payload);
    }
    return payload;
  });
  const endpoint = await app.listen({ port, host: '127.0.0.1' });
  return { endpoint, stop: () => app.close() };
};

import type { EmulatorApi } from './emulator-api.ts';

/** As many batches of a queue at a time as the local platform has by default (ORDERLY_CONCURRENCY). */
const BATCHES_AT_ONCE = 2;
const RECEIVE = {
  MaxNumberOfMessages: 10,
  WaitTimeSeconds: 20,
  MessageSystemAttributeNames: ['All'],
  MessageAttributeNames: ['All'],
};

interface Received {
  readonly Messages?: readonly { readonly Body: string; readonly ReceiptHandle: string }[];
}

export interface QueueLoopOptions {
  readonly signal: AbortSignal;
  readonly handle: (body: string) => Promise<void>;
  /** Gets what a batch has failed with. */
  readonly fail: (error: unknown) => void;
}

/** Receives a queue's messages in batches and deletes each batch when all of it is handled. */
export async function pollQueue(
  sqs: EmulatorApi,
  QueueUrl: string,
  { signal, handle, fail }: QueueLoopOptions,
): Promise<void> {
  const batches = new Set<Promise<void>>();
  while (!signal.aborted) {
    if (batches.size >= BATCHES_AT_ONCE) await Promise.race(batches);
    const answer = await sqs.call('ReceiveMessage', JSON.stringify({ QueueUrl, ...RECEIVE }), signal);
    const { Messages = [] } = JSON.parse(answer) as Received;
    if (Messages.length === 0) continue;
    const batch: Promise<void> = take(Messages)
      .catch(fail)
      .finally(() => batches.delete(batch));
    batches.add(batch);
  }

  async function take(messages: NonNullable<Received['Messages']>): Promise<void> {
    await Promise.all(messages.map(({ Body }) => handle(Body)));
    const Entries = messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    await sqs.call('DeleteMessageBatch', JSON.stringify({ QueueUrl, Entries }));
  }
}

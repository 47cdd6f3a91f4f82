import { MemoryCheckpoints } from '../../event-sources/checkpoints.ts';
import { type EventSources, startEventSources } from '../../event-sources/index.ts';
import type { Invocation } from '../../event-sources/invocation.ts';
import type { StreamMapping } from '../../event-sources/mapping.ts';
import type { StreamRecord } from '../../event-sources/stream-record.ts';
import { Wake } from '../../event-sources/wake.ts';
import { callInProcess } from '../../in-process.ts';
import { createSqs } from '../../sqs/service.ts';
import { ManualClock } from '../manual-clock.ts';
import { FakeStream } from './fake-stream.ts';

const REGION = 'eu-central-1';
export const FAILURES = `arn:aws:sqs:${REGION}:000000000000:failures`;
/** Not a whole minute: such a time would count as one that was cut. */
export const START = Date.UTC(2026, 0, 1, 0, 0, 30);

export const ok: Invocation = { outcome: 'answer', payload: null };
export const broken: Invocation = { outcome: 'error', message: 'broken' };
export const failing = (...keys: readonly string[]): Invocation => ({
  outcome: 'answer',
  payload: { batchItemFailures: keys.map((itemIdentifier) => ({ itemIdentifier })) },
});

const mapping: StreamMapping = {
  functionName: 'publish',
  arn: 'arn:stream',
  batchSize: 100,
  batchWindowMs: 0,
  partialAnswers: true,
  filterPatterns: [],
  startingPosition: 'TRIM_HORIZON',
  bisect: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
};

/** A stream, the function that takes its records, and the queue for failures. */
export class StreamUnderTest {
  readonly clock = new ManualClock(START);
  readonly wake = new Wake(this.clock);
  readonly stream = new FakeStream(() => this.clock.now());
  readonly checkpoints = new MemoryCheckpoints();
  readonly logged: string[] = [];
  calls: { readonly at: number; readonly functionName: string; readonly keys: readonly string[] }[] = [];
  answer: (keys: readonly string[]) => Invocation | Promise<Invocation> = () => ok;
  readonly #sqs = createSqs({
    clock: this.clock,
    chance: { next: () => 0.5, uuid: () => '00000000-0000-4000-8000-000000000000' },
    region: REGION,
  });
  #sources: EventSources | undefined;

  async connect(settings: Partial<StreamMapping> = {}): Promise<void> {
    const callSqs = callInProcess([this.#sqs], 'http://sqs');
    await callSqs('sqs', 'CreateQueue', { QueueName: 'failures' });
    this.#sources = await startEventSources(
      { sqs: [], streams: [{ ...mapping, ...settings }] },
      {
        clock: this.clock,
        chance: { next: () => 0.5, uuid: () => 'request' },
        call: (service, ...rest) => (service === 'sqs' ? callSqs : this.stream.call)(service, ...rest),
        checkpoints: this.checkpoints,
        wake: this.wake,
        region: REGION,
        log: (message) => this.logged.push(message),
        invoke: async (functionName, event) => {
          const { Records } = event as { readonly Records: readonly StreamRecord[] };
          const keys = Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
          this.calls.push({ at: this.clock.now() - START, functionName, keys });
          return this.answer(keys);
        },
      },
    );
    await this.clock.pass(0);
  }

  async stop(): Promise<void> {
    await this.#sources?.stop();
  }

  /** Appends records to the only shard. */
  write(...keys: readonly string[]): void {
    const shard = this.stream.shards.get('shard');
    this.stream.shards.set('shard', { keys: [...(shard?.keys ?? []), ...keys], closed: false });
  }

  get batches(): readonly (readonly string[])[] {
    return this.calls.map(({ keys }) => keys);
  }

  /** The records that the function got, in order. */
  get seen(): readonly string[] {
    return this.batches.flat();
  }

  get failures(): readonly unknown[] {
    return this.#sqs.peek('failures').map(({ body }) => JSON.parse(body));
  }
}

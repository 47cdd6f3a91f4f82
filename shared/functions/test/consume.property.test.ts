import { OrderPlaced, on } from '@orderly/contracts';
import type { SQSRecord } from 'aws-lambda';
import fc from 'fast-check';
import { consume } from '../src/messaging/consume.ts';
import { context } from './invocations.ts';
import { orderEvent, sqsRecord } from './records.ts';

/** As the environment of the tests says. */
const maxReceiveCount = 5;

interface PlannedMessage {
  readonly group: 'A' | 'B' | 'C';
  /** How many tries fail; infinitely many for a poison message. */
  readonly failures: number;
  /** Receives that were counted before the test. */
  readonly receives: number;
}

interface Message extends PlannedMessage {
  readonly id: string;
  readonly record: SQSRecord;
  /** Counted by the queue. */
  count: number;
}

/**
 * A FIFO queue as AWS describes it. A receive returns up to ten messages of any groups, in order within a group, and
 * counts for each of them. A message that was received `maxReceiveCount` times is moved to the dead-letter queue.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
class FifoQueue {
  readonly deadLetters: Message[] = [];
  #waiting: Message[];

  constructor(planned: readonly PlannedMessage[]) {
    this.#waiting = planned.map((message, index) => {
      const id = String(index + 1);
      const event = orderEvent(message.group, { sequence: index + 1 });
      return { ...message, id, record: sqsRecord(event, message.group, id), count: message.receives };
    });
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  receive(maximum: number): readonly SQSRecord[] {
    const over = this.#waiting.filter(({ count }) => count >= maxReceiveCount).slice(0, maximum);
    this.#remove(over);
    this.deadLetters.push(...over);
    return this.#waiting.slice(0, maximum).map((message) => {
      message.count++;
      const { record, count } = message;
      return { ...record, attributes: { ...record.attributes, ApproximateReceiveCount: String(count) } };
    });
  }

  /** Removes the messages that were handled; the others are received again. */
  settle(received: readonly SQSRecord[], failed: ReadonlySet<string>): void {
    const handled = new Set(received.map(({ messageId }) => messageId).filter((id) => !failed.has(id)));
    this.#remove(this.#waiting.filter(({ id }) => handled.has(id)));
  }

  #remove(gone: readonly Message[]): void {
    this.#waiting = this.#waiting.filter((message) => !gone.includes(message));
  }
}

const message = (receives: fc.Arbitrary<number>): fc.Arbitrary<PlannedMessage> =>
  fc.record({
    group: fc.constantFrom('A', 'B', 'C'),
    failures: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
      { weight: 2, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
    ),
    receives,
  });
const messages = (receives: fc.Arbitrary<number>) =>
  fc.array(message(receives), { minLength: 1, maxLength: 14 });
/** How many messages a receive returns: SQS chooses. */
const batchSizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 5 });

/** Runs a function on the queue until nothing is left in it. */
async function drain(planned: readonly PlannedMessage[], sizes: readonly number[]) {
  const queue = new FifoQueue(planned);
  const tries = new Map<string, number>();
  const handled: string[] = [];
  const handler = consume(
    on(OrderPlaced, async ({ sequence }) => {
      const id = String(sequence);
      const tried = (tries.get(id) ?? 0) + 1;
      tries.set(id, tried);
      if (tried <= (planned[sequence - 1]?.failures ?? 0)) throw new Error('refused');
      handled.push(id);
    }),
  );
  for (let round = 0; !queue.isEmpty; round++) {
    const Records = [...queue.receive(sizes[round % sizes.length] ?? 1)];
    const { batchItemFailures } = await handler({ Records }, context);
    queue.settle(Records, new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)));
  }
  const deadLetters = queue.deadLetters.map(({ id }) => id);
  return { handled, deadLetters, tries };
}

const healthy = (planned: readonly PlannedMessage[]) =>
  planned.flatMap(({ failures }, index) => (failures === 0 ? [String(index + 1)] : []));

it('a consumer handles every healthy message, and each group in order except for its dead letters', async () => {
  // Some of them, or none, were received before.
  const before = fc.integer({ min: 0, max: maxReceiveCount - 1 });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(messages(fc.constant(0)), messages(before)),
      batchSizes,
      async (planned, sizes) => {
        const { handled, deadLetters, tries } = await drain(planned, sizes);

        expect(handled).toEqual(expect.arrayContaining(healthy(planned)));
        for (const id of deadLetters) expect(tries.get(id)).toBeGreaterThan(0);
        if (planned.some(({ receives }) => receives > 0)) return;
        for (const name of ['A', 'B', 'C']) {
          const group = handled.filter((id) => planned[Number(id) - 1]?.group === name).map(Number);
          expect(group).toEqual(group.toSorted((one, other) => one - other));
        }
      },
    ),
    { numRuns: 200 },
  );
});

import { readFailures } from './answer.ts';
import type { Invocation } from './invocation.ts';
import type { StreamMapping } from './mapping.ts';
import type { StreamRecord } from './stream-record.ts';

/** Why records are given up: the two conditions that Lambda names. */
export type Condition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface Discarded {
  readonly records: readonly StreamRecord[];
  readonly condition: Condition;
  readonly invokeCount: number;
  readonly functionError: boolean;
}

export interface Delivery {
  readonly mapping: Pick<
    StreamMapping,
    'partialAnswers' | 'bisect' | 'maximumRetryAttempts' | 'maximumRecordAgeSeconds'
  >;
  invoke(records: readonly StreamRecord[]): Promise<Invocation>;
  /** Every record up to and with this sequence number is done. */
  checkpoint(sequenceNumber: string): void;
  discard(discarded: Discarded): Promise<void>;
  /** Waits before the nth attempt in a row; false when the platform is stopping. */
  backOff(attempt: number): Promise<boolean>;
  /** Seconds since the record was written. */
  ageSeconds(record: StreamRecord): number;
}

interface Segment {
  readonly records: readonly StreamRecord[];
  /** Failed attempts so far. */
  readonly attempts: number;
  readonly functionError: boolean;
}

const sequence = (record: StreamRecord): string => record.dynamodb.SequenceNumber;

/** How many records from the start are done; Lambda retries from the lowest failed one. */
export const doneCount = (
  invocation: Invocation,
  records: readonly StreamRecord[],
  partialAnswers: boolean,
): number => {
  if (invocation.outcome !== 'answer') return 0;
  if (!partialAnswers) return records.length;
  const failures = readFailures(invocation.payload, records.map(sequence));
  if (failures === 'all') return 0;
  const lowest = records.findIndex((record) => failures.has(sequence(record)));
  return lowest === -1 ? records.length : lowest;
};

const halves = ({ records, ...rest }: Segment): readonly Segment[] => {
  const middle = Math.ceil(records.length / 2);
  return [
    { ...rest, records: records.slice(0, middle) },
    { ...rest, records: records.slice(middle) },
  ];
};

const exhausted = (attempts: number, maximum: number): boolean => maximum >= 0 && attempts > maximum;

/**
 * Brings one batch of a shard to its end: processed, or discarded to the on-failure queue by the
 * rules of the event source. Records stay in order; nothing after a failed record is done before it.
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 * @returns false when the platform stopped in between; the checkpoint then says how far it got
 */
export const deliver = async (batch: readonly StreamRecord[], delivery: Delivery): Promise<boolean> => {
  let segments: readonly Segment[] = [{ records: batch, attempts: 0, functionError: false }];
  while (segments[0]) {
    const [first, ...rest] = segments;
    const next = first.records.length === 0 ? [] : await attempt(first, delivery);
    if (!next) return false;
    segments = [...next, ...rest];
  }
  return true;
};

const giveUp = async (segment: Segment, condition: Condition, delivery: Delivery): Promise<void> => {
  const { records, attempts, functionError } = segment;
  await delivery.discard({ records, condition, invokeCount: attempts, functionError });
  const last = records.at(-1);
  if (last) delivery.checkpoint(sequence(last));
};

/** A stream keeps records for 24 hours, and Lambda tries no longer. */
const RETENTION_SECONDS = 24 * 3600;

/** Gives up the records at the start that are too old. */
const withoutExpired = async (segment: Segment, delivery: Delivery): Promise<Segment> => {
  const { maximumRecordAgeSeconds: own } = delivery.mapping;
  const limit = own < 0 ? RETENTION_SECONDS : own;
  const young = segment.records.findIndex((record) => delivery.ageSeconds(record) <= limit);
  const count = young === -1 ? segment.records.length : young;
  if (count === 0) return segment;
  await giveUp({ ...segment, records: segment.records.slice(0, count) }, 'RecordAgeExceeded', delivery);
  return { ...segment, records: segment.records.slice(count) };
};

const attempt = async (segment: Segment, delivery: Delivery): Promise<readonly Segment[] | undefined> => {
  if (segment.attempts > 0 && !(await delivery.backOff(segment.attempts))) return undefined;
  const current = await withoutExpired(segment, delivery);
  if (current.records.length === 0) return [];
  const invocation = await delivery.invoke(current.records);
  if (invocation.outcome === 'stopped') return undefined;
  const done = doneCount(invocation, current.records, delivery.mapping.partialAnswers);
  const lastDone = current.records[done - 1];
  if (lastDone) delivery.checkpoint(sequence(lastDone));
  if (done === current.records.length) return [];
  const left: Segment = {
    records: current.records.slice(done),
    attempts: (done > 0 ? 0 : current.attempts) + 1,
    functionError: invocation.outcome === 'error',
  };
  return afterFailure(left, done > 0, delivery);
};

const afterFailure = async (
  left: Segment,
  progressed: boolean,
  delivery: Delivery,
): Promise<readonly Segment[]> => {
  const { bisect, maximumRetryAttempts } = delivery.mapping;
  // A batch with a partial answer is already split at the failed record; splitting counts as no retry.
  if (bisect && !progressed && left.records.length > 1) {
    return halves({ ...left, attempts: left.attempts - 1 });
  }
  if (!exhausted(left.attempts, maximumRetryAttempts)) return [left];
  await giveUp(left, 'RetryAttemptsExhausted', delivery);
  return [];
};

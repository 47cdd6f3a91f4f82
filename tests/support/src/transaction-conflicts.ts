import { setTimeout as pause } from 'node:timers/promises';
import type { AwsReply } from '@orderly/local/aws-proxy';
import { awsError } from './aws-error.ts';

/** The operations that write items, as the header `x-amz-target` names them behind its dot. */
const plainWrites = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/** The part of a write request that names one item. */
interface Target {
  readonly TableName?: string;
  readonly Key?: Readonly<Record<string, unknown>>;
  readonly Item?: Readonly<Record<string, unknown>>;
}

/** The parsed body of a DynamoDB request. */
export interface WriteRequest extends Target {
  readonly TransactItems?: readonly Readonly<Record<string, Target | undefined>>[];
}

/** A request either holds its items until `end` is called, or is refused; what it says goes to the caller. */
export type Verdict =
  | { readonly conflict: false; readonly end: () => void }
  | { readonly conflict: true; readonly answer: AwsReply };

const namespace = 'com.amazonaws.dynamodb.v20120810#';
const ongoing = 'Transaction is ongoing for the item';

/**
 * Says which write requests DynamoDB would refuse because they meet on an item: DynamoDB Local never does.
 *
 * A transaction is refused where another transaction or a plain write is at work on one of its items
 * (TransactionCanceledException with a reason for each item); a plain write is refused where a transaction is at
 * work on its item (TransactionConflictException). Plain writes do not refuse one another, and reads none.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */
export class TransactionConflicts {
  readonly #transactions = new Set<string>();
  /** How many plain writes are at work on an item. */
  readonly #writes = new Map<string, number>();
  readonly #onConflict: () => void;
  readonly #writeMs: number;

  /** @param writeMs how long a write that `carryOut` carries out holds its items, at least */
  constructor({ onConflict = (): void => undefined, writeMs = 0 } = {}) {
    this.#onConflict = onConflict;
    this.#writeMs = writeMs;
  }

  /** Stands in front of DynamoDB: carries a request out, or answers as DynamoDB refuses it. */
  async carryOut(
    operation: string,
    request: WriteRequest,
    forward: () => Promise<AwsReply>,
  ): Promise<AwsReply> {
    const verdict = this.begin(operation, request);
    if (verdict.conflict) {
      this.#onConflict();
      return verdict.answer;
    }
    try {
      if (this.#writeMs > 0) await pause(this.#writeMs);
      return await forward();
    } finally {
      verdict.end();
    }
  }

  /**
   * A request begins. Whoever gets no conflict calls `end` once its answer is there.
   *
   * @param operation e.g. `TransactWriteItems`; whatever does not write an item never conflicts
   */
  begin(operation: string, request: WriteRequest): Verdict {
    if (operation === 'TransactWriteItems') return this.#beginTransaction(request);
    if (plainWrites.has(operation)) return this.#beginWrite(this.#itemOf(request));
    return { conflict: false, end: () => undefined };
  }

  #beginTransaction({ TransactItems = [] }: WriteRequest): Verdict {
    const items = TransactItems.map((action) => this.#itemOf(Object.values(action)[0] ?? {}));
    const busy = items.map((item) => this.#transactions.has(item) || this.#writes.has(item));
    if (busy.includes(true)) return { conflict: true, answer: transactionCanceled(busy) };
    // A condition check holds its item like a write does.
    for (const item of items) this.#transactions.add(item);
    return { conflict: false, end: () => items.forEach((item) => void this.#transactions.delete(item)) };
  }

  #beginWrite(item: string): Verdict {
    if (this.#transactions.has(item)) return { conflict: true, answer: transactionConflict() };
    this.#writes.set(item, (this.#writes.get(item) ?? 0) + 1);
    return { conflict: false, end: () => this.#endWrite(item) };
  }

  #endWrite(item: string): void {
    const left = (this.#writes.get(item) ?? 1) - 1;
    if (left > 0) this.#writes.set(item, left);
    else this.#writes.delete(item);
  }

  #itemOf({ TableName, Key, Item }: Target): string {
    const attributes = Key ?? Item ?? {};
    return JSON.stringify([TableName, attributes.pk]);
  }
}

/** @param busy for each item of the transaction, in order: whether somebody else is at work on it */
export function transactionCanceled(busy: readonly boolean[]): AwsReply {
  const codes = busy.map((each) => (each ? 'TransactionConflict' : 'None'));
  const reasons = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`;
  return awsError(400, `${namespace}TransactionCanceledException`, reasons, {
    CancellationReasons: codes.map((Code) => ({ Code, ...(Code !== 'None' && { Message: ongoing }) })),
  });
}

export const transactionConflict = (): AwsReply =>
  awsError(400, `${namespace}TransactionConflictException`, ongoing);

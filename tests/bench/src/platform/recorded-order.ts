import type { AwsCall, Intercept } from '@orderly/local/aws-proxy';
import { startTestEmulators, type TestEmulators } from '@orderly/local/testing';
import { onPlatform } from './measured-platform.ts';
import { skuOf } from './workload.ts';

/** A request of the platform to DynamoDB or SQS, as it was made. */
export type RecordedCall = Pick<AwsCall, 'operation' | 'body'>;

export interface RecordedOrder {
  readonly orderId: string;
  /** Its only product. */
  readonly sku: string;
  /** In the order in which they were made. */
  readonly calls: readonly RecordedCall[];
  /** They hold the platform's tables, queues and products; the platform itself is gone. */
  readonly emulators: TestEmulators;
}

/** Whatever else the platform asks for, it asks for batches of orders or now and then. */
const ofAnOrder = new Set([
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'TransactWriteItems',
  'SendMessage',
  'SendMessageBatch',
]);

/** Has a platform of its own take one order, with nothing beside it, and writes down what it asks for. */
export async function recordOrder(): Promise<RecordedOrder> {
  const emulators = await startTestEmulators();
  const calls: RecordedCall[] = [];
  const record: Intercept = ({ operation, body }, forward) => {
    if (ofAnOrder.has(operation)) calls.push({ operation, body });
    return forward();
  };
  try {
    const between = { dynamodb: record, sqs: record };
    return await onPlatform({ name: 'r', between, emulators }, async ({ orders }) => {
      calls.length = 0;
      const sku = skuOf(orders.next);
      const order = await orders.place(1);
      await orders.settled([order]);
      return { orderId: order.orderId, sku, calls: [...calls], emulators };
    });
  } catch (error) {
    await emulators.stop();
    throw error;
  }
}

import { dispatcher, type EventOf, OrderCancelled, OrderConfirmed, on } from '@orderly/contracts';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { handleInOrder } from './fifo-batch.ts';
import { findEntry, write } from './loyalty-table.ts';
import { award, type Entry, type Posting, takeBack } from './points.ts';

type OrderEvent = EventOf<typeof OrderConfirmed> | EventOf<typeof OrderCancelled>;

/** Reads the order's entry, decides, and writes. An event that was already handled changes nothing. */
const handleWith =
  <E extends OrderEvent>(decide: (current: Entry | undefined, event: E) => Posting | undefined) =>
  async (event: E): Promise<void> => {
    const current = await findEntry(event.data.orderId);
    const posting = decide(current, event);
    if (posting === undefined) return;
    await write(posting, current);
    console.log(`${posting.change} points for customer ${posting.entry.customerId}, order ${event.subject}`);
  };

const dispatch = dispatcher(on(OrderConfirmed, handleWith(award)), on(OrderCancelled, handleWith(takeBack)));

const maxReceiveCount = Number(process.env.MAX_RECEIVE_COUNT);

export const handler = ({ Records }: SQSEvent): Promise<SQSBatchResponse> =>
  handleInOrder(Records, dispatch, maxReceiveCount);

import {
  type CloudEvent,
  __Event__,
  dispatcher,
  on,
} from '@orderly/contracts';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { handleInOrder } from './fifo-batch.ts';

/**
 * Your work goes here. An event may come more than once: write on the condition that its `sequence` is higher than the
 * one that you have stored for its `subject`, and a repeat changes nothing.
 */
async function react({ type, subject, sequence }: CloudEvent): Promise<void> {
  console.log(`${type} of ${subject}, version ${sequence}`);
}

const dispatch = dispatcher(
  on(__Event__, react),
);

const maxReceiveCount = Number(process.env.MAX_RECEIVE_COUNT);

export const handler = ({ Records }: SQSEvent): Promise<SQSBatchResponse> =>
  handleInOrder(Records, dispatch, maxReceiveCount);

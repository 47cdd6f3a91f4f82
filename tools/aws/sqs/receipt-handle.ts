import { AwsError } from '../protocol/error.ts';

export interface Receipt {
  readonly messageId: string;
  /** Grows with each receive of the message. */
  readonly number: number;
}

const SEPARATOR = ' ';

/** An opaque text, as on AWS; its form may change. */
export const writeReceiptHandle = (queueId: string, { messageId, number }: Receipt): string =>
  Buffer.from([queueId, messageId, number].join(SEPARATOR)).toString('base64');

/** @throws AwsError ReceiptHandleIsInvalid when the queue has not written it */
export const readReceiptHandle = (queueId: string, handle: string): Receipt => {
  const [queue, messageId, number] = Buffer.from(handle, 'base64').toString('utf8').split(SEPARATOR);
  if (queue !== queueId || messageId === undefined || number === undefined)
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  return { messageId, number: Number(number) };
};

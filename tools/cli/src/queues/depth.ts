import { GetQueueAttributesCommand, QueueDoesNotExist, type SQSClient } from '@aws-sdk/client-sqs';

/** Messages of a queue. SQS calls these numbers approximate: on AWS they settle within a minute. */
export interface Depth {
  readonly visible: number;
  /** Received, and neither deleted nor given back. */
  readonly inFlight: number;
  readonly delayed: number;
}

/** @returns undefined for a queue that is gone */
export async function depthOf(sqs: SQSClient, url: string): Promise<Depth | undefined> {
  try {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      }),
    );
    return {
      visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
    };
  } catch (error) {
    // Its owner removed it between the listing and the question.
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

export function totalOf({ visible, inFlight, delayed }: Depth): number {
  return visible + inFlight + delayed;
}

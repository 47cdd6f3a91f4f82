import { setTimeout } from 'node:timers/promises';
import {
  CancelMessageMoveTaskCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { Failure } from '../failure.ts';
import { plural } from '../plural.ts';

/** Only one task runs per queue, and it takes seconds at least. */
const POLL_MS = 2_000;

export interface MoveTaskOptions {
  /** URL of a dead-letter queue of another SQS queue. */
  readonly source: string;
  /** URL. */
  readonly destination: string;
  /** Messages per second, at most 500; as fast as SQS thinks right when absent. */
  readonly rate?: number | undefined;
  readonly signal: AbortSignal;
  readonly progress: (moved: number) => void;
}

/**
 * Has SQS itself move everything, and follows it to the end; when aborted, the task is cancelled.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 *
 * @returns how many were moved, or `unsupported` when this service does not do it for this queue
 * @throws Failure when the task fails, or when another one is at work on the queue
 */
export async function moveByTask(
  sqs: SQSClient,
  { source, destination, rate, signal, progress }: MoveTaskOptions,
  pollMs = POLL_MS,
): Promise<number | 'unsupported'> {
  const SourceArn = await arnOf(sqs, source);
  const DestinationArn = await arnOf(sqs, destination);
  const handle = await start(sqs, { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: rate });
  if (handle === undefined) return 'unsupported';
  for (;;) {
    await setTimeout(pollMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: handle }));
    const task = await latestTask(sqs, SourceArn);
    const moved = Number(task?.ApproximateNumberOfMessagesMoved ?? 0);
    progress(moved);
    if (task?.Status === 'COMPLETED' || signal.aborted) return moved;
    if (task?.Status !== 'RUNNING') {
      const reason = task?.FailureReason ?? 'SQS gives no reason';
      throw new Failure(
        `SQS stopped moving after ${plural(moved, 'message')}: ${reason}. What is left is still in the dead-letter queue.`,
      );
    }
  }
}

async function start(
  sqs: SQSClient,
  task: {
    readonly SourceArn: string;
    readonly DestinationArn: string;
    readonly MaxNumberOfMessagesPerSecond: number | undefined;
  },
): Promise<string | undefined> {
  try {
    return (await sqs.send(new StartMessageMoveTaskCommand(task))).TaskHandle;
  } catch (error) {
    if (!(error instanceof Error && unsupported.has(error.name))) throw error;
    // SQS says the same when a task is at work already, and two movers at once would break the rate of both.
    if (/already/i.test(error.message)) {
      throw new Failure(`SQS is moving the messages of this queue already: ${error.message}`);
    }
    return undefined;
  }
}

/** Errors of SQS for a queue that it cannot move from, and of emulators that do not know the call. */
const unsupported = new Set([
  'UnsupportedOperation',
  'AWS.SimpleQueueService.UnsupportedOperation',
  'InvalidAction',
  'UnknownOperationException',
]);

async function latestTask(sqs: SQSClient, SourceArn: string) {
  const { Results: [task] = [] } = await sqs.send(
    new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }),
  );
  return task;
}

async function arnOf(sqs: SQSClient, QueueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  if (Attributes?.QueueArn === undefined) throw new Failure(`SQS gives no ARN for ${QueueUrl}.`);
  return Attributes.QueueArn;
}

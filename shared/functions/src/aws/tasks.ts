import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { HandleTasks, TaskQueue } from '../messaging/task.ts';
import { flushMetrics } from '../observability/metrics.ts';
import { inRequestContext, withDeadline } from '../observability/request-context.ts';
import { clientConfig } from './client-config.ts';
import { beginInvocation } from './invocation.ts';

/** A standard queue of SQS. @param url of the queue */
export function taskQueue(url: string): TaskQueue {
  const sqs = new SQSClient(clientConfig);
  return {
    async send(body, { delaySeconds, group }) {
      const command = new SendMessageCommand({
        QueueUrl: url,
        MessageBody: body,
        DelaySeconds: delaySeconds,
        // A standard queue serves quiet groups first:
        // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
        MessageGroupId: group,
      });
      await sqs.send(command, withDeadline());
    },
  };
}

/** A function that a standard queue of SQS invokes, with `ReportBatchItemFailures`. */
export function consumeTasks(handle: HandleTasks) {
  return async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const { awsRequestId: id } = context;
    beginInvocation(context);
    const tasks = Records.map(({ messageId, body }) => ({ id: messageId, body }));
    const invocation = { remainingMs: () => context.getRemainingTimeInMillis() };
    const failed = await inRequestContext({ correlationId: id, causationId: id }, () =>
      handle(tasks, invocation),
    );
    flushMetrics();
    return { batchItemFailures: failed.map((task) => ({ itemIdentifier: task.id })) };
  };
}

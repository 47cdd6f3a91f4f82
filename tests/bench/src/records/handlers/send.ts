// What a published stream record is measured against: its batch entries are built and sent, ten a request.
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { clientConfig } from '@orderly/functions/aws/client-config';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Handler } from './handler.ts';
import { queueUrl, stubSqs } from './stub-sqs.ts';

const sqs = stubSqs(clientConfig);
const entriesPerRequest = 10;

export const handler: Handler<DynamoDBStreamEvent> = async ({ Records }) => {
  const requests = [];
  for (let from = 0; from < Records.length; from += entriesPerRequest) {
    const Entries = Records.slice(from, from + entriesPerRequest).map(({ dynamodb }, index) => {
      const outbox = dynamodb?.NewImage?.outbox?.M;
      const event = outbox?.events?.L?.[0]?.M;
      return {
        Id: String(index),
        MessageBody: event?.body?.S,
        MessageGroupId: outbox?.subject?.S,
        MessageDeduplicationId: event?.id?.S,
      };
    });
    requests.push(sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries })));
  }
  await Promise.all(requests);
};

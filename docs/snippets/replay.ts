import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

// replay.ts <table> <queue>: sends the newest event of every aggregate in a table to one FIFO queue.
const [TableName, QueueName] = process.argv.slice(2);
const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({});

async function main() {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  let sent = 0;
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName })) {
    for (const { outbox } of Items) {
      for (const { M: entry } of outbox?.M?.events?.L ?? []) {
        await sqs.send(
          new SendMessageCommand({
            QueueUrl,
            MessageBody: entry?.body?.S,
            MessageGroupId: outbox?.M?.subject?.S,
            MessageDeduplicationId: entry?.id?.S,
          }),
        );
        sent += 1;
      }
    }
  }
  console.log(`${sent} events sent to ${QueueName}`);
}

void main();

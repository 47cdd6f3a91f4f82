import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { clientOptions } from './platform.ts';
import { queues } from './queues.ts';

/**
 * Leaves a sent notification as a mail provider's refusal leaves it: the local platform's channel refuses nothing.
 *
 * @throws ConditionalCheckFailedException until it is SENT
 */
export async function failNotification(orderId: string, kind: string, reason: string): Promise<void> {
  const client = new DynamoDBClient(clientOptions('dynamodb'));
  await client
    .send(
      new UpdateItemCommand({
        TableName: queues.name('notifications'),
        Key: { pk: { S: `ORDER#${orderId}` }, sk: { S: kind } },
        UpdateExpression:
          'SET #status = :failed, #reason = :reason, failedAt = sentAt REMOVE sentAt, messageId, outbox',
        ConditionExpression: '#status = :sent',
        ExpressionAttributeNames: { '#status': 'status', '#reason': 'reason' },
        ExpressionAttributeValues: {
          ':failed': { S: 'FAILED' },
          ':sent': { S: 'SENT' },
          ':reason': { S: reason },
        },
      }),
    )
    .finally(() => client.destroy());
}

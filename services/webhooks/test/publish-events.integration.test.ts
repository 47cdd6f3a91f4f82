import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { streamRecord } from '../../../shared/functions/test/records.ts';
import { context } from '../../../tests/platform/invoke.ts';
import { outboxOf, withResourcesOf } from '../../../tests/platform/resources.ts';
import { insertWebhook } from '../src/adapters/webhook-table.ts';
import { open } from '../src/domain/webhook.ts';
import { handler } from '../src/functions/publish-events.ts';
import { inContext, noon, webhookId } from './builders.ts';

withResourcesOf('webhooks');

const sqs = new SQSClient({});

it('the events of a webhook reach a subscription', async () => {
  const QueueName = 'test-webhook-events--reader.fifo';
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: 'true' } }),
  );
  const id = webhookId();
  await inContext(() => insertWebhook(open(id, noon)));
  const events = (await outboxOf('test-webhooks', { pk: `WEBHOOK#${id}` })) ?? [];

  const answer = await handler({ Records: [streamRecord('1', ...events)] }, context());

  expect(answer).toEqual({ batchItemFailures: [] });
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
  expect(Messages.map(({ Body = '' }) => JSON.parse(Body))).toEqual(events);
  expect(events).toMatchObject([{ type: 'orderly.webhook.opened.v1', subject: id }]);
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
});

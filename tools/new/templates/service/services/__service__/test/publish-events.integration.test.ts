import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { streamRecord } from '../../../shared/functions/test/records.ts';
import { context } from '../../../tests/platform/invoke.ts';
import { outboxOf, withResourcesOf } from '../../../tests/platform/resources.ts';
import { insert__Thing__ } from '../src/adapters/__thing__-table.ts';
import { open } from '../src/domain/__thing__.ts';
import { handler } from '../src/functions/publish-events.ts';
import { inContext, noon, __thing__Id } from './builders.ts';

withResourcesOf('__service__');

const sqs = new SQSClient({});

it('the events of __aThing__ reach a subscription', async () => {
  const QueueName = 'test-__thing__-events--reader.fifo';
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: 'true' } }));
  const id = __thing__Id();
  await inContext(() => insert__Thing__(open(id, noon)));
  const events = (await outboxOf('test-__service__', { pk: `__THING__#${id}` })) ?? [];

  const answer = await handler({ Records: [streamRecord('1', ...events)] }, context());

  expect(answer).toEqual({ batchItemFailures: [] });
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
  expect(Messages.map(({ Body = '' }) => JSON.parse(Body))).toEqual(events);
  expect(events).toMatchObject([{ type: 'orderly.__thing__.opened.v1', subject: id }]);
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
});

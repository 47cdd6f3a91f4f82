import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { type CloudEvent, eventTypes } from '@orderly/contracts';
import { outboxMessagesOf } from '@orderly/functions/aws/publishing/outbox-message';
import { topicPublisher } from '@orderly/functions/aws/publishing/topic-publisher';
import { marshalled, outboxOf } from './outbox.ts';
import { bodiesOf, orderEvent, TestStage } from './stage.ts';
import { createTable, putItems } from './stage-tables.ts';

/** An order that was placed, as its table holds it. */
const orderItem = (event: CloudEvent) => ({
  pk: `ORDER#${event.subject}`,
  status: 'PLACED',
  version: event.sequence,
  customer: { id: 'alice', email: 'alice@example.com' },
  ...{ currency: 'EUR', total: 2500, lines: [], placedAt: new Date().toISOString() },
  outbox: outboxOf(event),
});

/** A stream record of such an item. */
const record = (event: CloudEvent) => ({
  dynamodb: {
    SequenceNumber: String(event.sequence),
    Keys: { pk: { S: `ORDER#${event.subject}` } },
    NewImage: { outbox: marshalled(outboxOf(event)) },
  },
});

/** A topic whose publisher has published an event that no queue takes, and a later order's. */
async function publishedWith(unsendable: CloudEvent, queueAttributes: Readonly<Record<string, string>> = {}) {
  const stage = new TestStage();
  const parked = await stage.createQueue('dlq--order-events.fifo', queueAttributes);
  const inbox = await stage.createQueue('order-events--inventory.fifo', queueAttributes);
  const later = orderEvent('later');
  await createTable(`${stage.name}-orders`, [orderItem(unsendable), orderItem(later)]);
  for (const service of ['inventory', 'notifications']) await createTable(`${stage.name}-${service}`, []);
  const publish = topicPublisher(stage.sqs, {
    topic: 'order-events',
    eventTypes: eventTypes['order-events'],
    stage: stage.name,
    extraUrls: [],
    ttlMs: Number.POSITIVE_INFINITY,
  });
  const { failed } = await publish([unsendable, later].map(record).flatMap(outboxMessagesOf));
  return { stage, parked, inbox, later, failed };
}

/** SQS takes U+FFFF only when JSON escapes it; our services do that, whoever writes to the table may not. */
const withRefusedCharacter = (): CloudEvent => ({ ...orderEvent('poison'), data: { note: '\uFFFF' } });
const large = (): CloudEvent => ({ ...orderEvent('large'), data: { note: 'x'.repeat(3_000) } });

describe('an event that no queue takes', () => {
  it('does not stop the orders behind it, and is parked as a reference', async () => {
    const event = withRefusedCharacter();
    const { stage, inbox, later, failed } = await publishedWith(event);

    const shown = await stage.orderly('dlq', 'show', 'order-events');

    expect(failed).toEqual([]);
    expect(bodiesOf(await stage.drain(inbox))).toEqual([JSON.stringify(later)]);
    expect(shown.out).toContain(`event    ${event.id}; only a reference: no queue takes the event`);
    expect(shown.out).toContain('item     ORDER#poison');
    expect(shown.out).toContain('Invalid characters found');
  });

  it('makes its topic stuck in dlq list, topology and trace, which finds it for its order', async () => {
    const { stage } = await publishedWith(withRefusedCharacter());

    const answers = [
      await stage.orderly('dlq', 'list'),
      await stage.orderly('topology'),
      await stage.orderly('trace', 'poison', '--dead-letters'),
    ];

    for (const { out } of answers) {
      expect(out).toContain(
        'Stuck: order-events: 1 event parked, which subscriptions did not take; see orderly dlq show order-events.',
      );
    }
    expect(answers[2]?.out).toMatch(/^Dead letter \S+ in \S+-dlq--order-events\.fifo/m);
  });

  it('goes from its table to the subscription, with the refused characters escaped', async () => {
    const event = withRefusedCharacter();
    const { stage, parked, inbox } = await publishedWith(event);
    await stage.drain(inbox);

    const { code } = await stage.orderly('dlq', 'redrive', 'order-events', '--all');

    expect(code).toBe(0);
    const [message] = await stage.drain(inbox);
    expect(JSON.parse(message?.Body ?? '')).toEqual(event);
    expect(message?.Attributes).toMatchObject({
      MessageGroupId: 'poison',
      MessageDeduplicationId: event.id,
    });
    expect(await stage.messagesIn(parked)).toBe(0);
  });

  it('stays as a reference until its cause is removed', async () => {
    const event = large();
    const { stage, parked, inbox } = await publishedWith(event, { MaximumMessageSize: '2048' });
    await stage.drain(inbox);

    const refused = await stage.orderly('dlq', 'redrive', '--all');
    await stage.sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: inbox, Attributes: { MaximumMessageSize: '262144' } }),
    );
    const redriven = await stage.orderly('dlq', 'redrive', '--all');

    expect([refused.code, redriven.code]).toEqual([1, 0]);
    expect(refused.out).toContain('must be shorter than 2048 bytes');
    expect(bodiesOf(await stage.drain(inbox))).toEqual([JSON.stringify(event)]);
    expect(await stage.messagesIn(parked)).toBe(0);
  });

  it.each([
    ['has changed', (event: CloudEvent) => [orderItem({ ...orderEvent(event.subject, 2) })]],
    ['is gone', () => []],
  ])('stays when its item %s, and the command points to replay', async (_how, itemsNow) => {
    const event = withRefusedCharacter();
    const { stage, parked } = await publishedWith(event);
    const table = `${stage.name}-orders`;
    await new DynamoDBClient({}).send(
      new DeleteItemCommand({ TableName: table, Key: { pk: { S: `ORDER#${event.subject}` } } }),
    );
    await putItems(table, itemsNow(event));

    const { code, out } = await stage.orderly('dlq', 'redrive', '--all');

    expect(code).toBe(1);
    expect(out).toContain(
      'its item ORDER#poison has changed and does not hold it any more; orderly replay --topic order-events',
    );
    expect(await stage.messagesIn(parked)).toBe(1);
  });
});

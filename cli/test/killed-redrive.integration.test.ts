import { killAt } from './kill-at.ts';
import { bodiesOf, TestStage } from './stage.ts';

it.each([
  ['before anything is sent', 'SendMessageBatch', 0],
  ['when all is sent and nothing removed', 'DeleteMessageBatch', 2],
])(
  'a redrive that is killed %s loses nothing, and repeated it sends nothing twice',
  async (_when, call, sent) => {
    const stage = new TestStage();
    const queues = await stage.createSubscription('order-events--inventory.fifo');
    for (const group of ['a', 'b']) await stage.send(queues.inbox, group, { group });
    await stage.failAll(queues, 2);

    await killAt('sqs', call, ['dlq', 'redrive', '--all', '--stage', stage.name]);

    expect([await stage.messagesIn(queues.inbox), await stage.messagesIn(queues.dead)]).toEqual([sent, 2]);
    while ((await stage.messagesIn(queues.dead)) > 0) await stage.json('dlq', 'redrive', '--all');

    expect([...bodiesOf(await stage.drain(queues.inbox))].sort()).toEqual(['a', 'b']);
  },
);

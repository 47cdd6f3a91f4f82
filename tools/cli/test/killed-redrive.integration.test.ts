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
    const ids = await Promise.all(['a', 'b'].map((group) => stage.send(queues.inbox, group, { group })));
    // Chosen one by one, they are moved by the command; all together by SQS itself.
    const chosen = ids.flatMap((id) => ['--message', id]);
    await stage.failAll(queues, 2);

    await killAt('sqs', call, ['dlq', 'redrive', ...chosen, '--stage', stage.name]);

    expect([await stage.messagesIn(queues.inbox), await stage.messagesIn(queues.dead)]).toEqual([sent, 2]);
    while ((await stage.messagesIn(queues.dead)) > 0) await stage.json('dlq', 'redrive', ...chosen);

    expect([...bodiesOf(await stage.drain(queues.inbox))].sort()).toEqual(['a', 'b']);
  },
);

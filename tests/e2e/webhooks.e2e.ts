import { randomUUID } from 'node:crypto';
import { OrderPlaced } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { eventually } from '@orderly/support/eventually';
import { send } from './api.ts';
import { queues } from './queues.ts';

it('a webhook is opened by a request, and closed by an event of order-events', async () => {
  const id = randomUUID();
  const opened = await send('webhooks', 'POST', '/webhooks', { webhookId: id });
  const event = sampleEvent(OrderPlaced, { id: randomUUID(), subject: id });

  await queues.send(await queues.url('order-events--webhooks.fifo'), JSON.stringify(event), id);

  expect(opened).toMatchObject({ status: 201, body: { status: 'OPEN' } });
  await eventually(async () =>
    expect(await send('webhooks', 'GET', `/webhooks/${id}`)).toMatchObject({
      status: 200,
      body: { status: 'CLOSED' },
    }),
  );
});

import { randomUUID } from 'node:crypto';
import { __firstEvent__ } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { eventually } from '@orderly/support/eventually';
import { send } from './api.ts';
import { queues } from './queues.ts';

it('__aThing__ is opened by a request, and closed by an event of __topic__', async () => {
  const id = randomUUID();
  const opened = await send('__service__', 'POST', '/__things__', { __thing__Id: id });
  const event = sampleEvent(__firstEvent__, { id: randomUUID(), subject: id });

  await queues.send(await queues.url('__topic__--__service__.fifo'), JSON.stringify(event), id);

  expect(opened).toMatchObject({ status: 201, body: { status: 'OPEN' } });
  await eventually(async () =>
    expect(await send('__service__', 'GET', `/__things__/${id}`)).toMatchObject({
      status: 200,
      body: { status: 'CLOSED' },
    }),
  );
});

import { once } from 'node:events';
import rhea, { type EventContext } from 'rhea';
import { startServiceBus } from '../../src/azure/service-bus/server.ts';

// Source: https://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-transport-v1.0-os.html#doc-flow-control, section 2.6.7
it('A receiver that ends its wait is answered also where a message crosses its request', async () => {
  const bus = await startServiceBus({ port: 0, restPort: 0, entities: { queues: [{ name: 'q' }] } });
  const port = Number(/:(\d+);/.exec(bus.connectionString)?.[1]);
  const container = rhea.create_container();
  const connection = container.connect({ port, host: '127.0.0.1', reconnect: false });
  try {
    const receiver = connection.open_receiver({ source: 'q', credit_window: 0, autoaccept: false });
    await once(receiver, 'receiver_open');
    for (let times = 0; times < 10; times++) {
      receiver.add_credit(1);
      // The credit has reached the other side when this is answered.
      const other = connection.open_receiver({ source: 'q/$deadletterqueue', credit_window: 0 });
      await once(other, 'receiver_open');
      const message = once(receiver, 'message') as Promise<[EventContext]>;
      const drained = once(receiver, 'receiver_drained');
      bus.broker.publish('q', [{ body: Buffer.from('x'), properties: {} }]);
      receiver.drain_credit();
      const [{ delivery }] = await message;
      await drained;
      delivery?.accept();
      receiver.drain = false;
    }
  } finally {
    const closed = once(connection, 'connection_close');
    connection.close();
    await closed;
    await bus.stop();
  }
});

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@orderly/aws/clock';
import rhea, { type EventContext } from 'rhea';
import type { Broker } from '../broker.ts';
import { AmqpEdge } from './edge.ts';

const HOST = '127.0.0.1';

export interface AmqpServer {
  readonly port: number;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
}

/**
 * Serves the broker over AMQP 1.0 on 127.0.0.1, without TLS, as clients expect it whose connection string has
 * `UseDevelopmentEmulator=true`.
 * @param port 0 for any free one
 * @throws Error when the port is taken
 */
export const startAmqp = async (
  broker: Broker,
  { port, clock }: { readonly port: number; readonly clock: Clock },
): Promise<AmqpServer> => {
  const container = rhea.create_container({ id: 'service-bus' });
  container.sasl_server_mechanisms.enable_anonymous();
  const edge = new AmqpEdge(broker, clock);
  const on = (event: string, handle: (context: EventContext) => void): void => {
    container.on(event, handle);
  };
  on('sender_open', ({ sender }) => sender && edge.onSenderOpen(sender));
  on('receiver_open', ({ receiver }) => receiver && edge.onReceiverOpen(receiver));
  on('message', (context) => edge.onMessage(context));
  for (const outcome of ['accepted', 'rejected', 'released', 'modified'])
    on(outcome, (context) => edge.onSettled(context));
  on('sender_flow', ({ sender }) => sender && edge.onFlow(sender));
  on('sender_draining', ({ sender }) => sender && edge.onDraining(sender));
  for (const end of ['sender_close', 'session_close', 'connection_close'])
    on(end, (context) => edge.onEnd(context));
  on('disconnected', (context) => edge.onDisconnected(context));
  // The close that follows is what counts.
  for (const failure of [
    'connection_error',
    'session_error',
    'sender_error',
    'receiver_error',
    'receiver_close',
    'protocol_error',
    'error',
  ])
    on(failure, () => {});
  const options = { port, host: HOST, autoaccept: false, treat_modified_as_released: false };
  const server = container.listen(options as Parameters<typeof container.listen>[0]);
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => Promise.reject(error as Error)),
  ]);
  const { port: actual } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    edge.closeAll();
    await closed;
  };
  return { port: actual, stop };
};

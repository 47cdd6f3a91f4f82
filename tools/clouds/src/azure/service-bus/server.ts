import { type Clock, systemClock } from '@orderly/aws/clock';
import { startAmqp } from './amqp/server.ts';
import { Broker } from './broker.ts';
import type { Entities } from './entities.ts';
import { startRest } from './rest.ts';
import type { Watch } from './watch.ts';

export type { EntityCounts, QueueCounts } from './broker.ts';
export type { Entities, QueueDefinition, SubscriptionDefinition, TopicDefinition } from './entities.ts';
export type { Rule } from './rule.ts';
export type { Watch } from './watch.ts';

export interface ServiceBusOptions {
  /** Of AMQP; 0 for any free one. */
  readonly port: number;
  /** Of HTTP; 0 for any free one. */
  readonly restPort: number;
  readonly entities: Entities;
  /** The machine's time unless given. */
  readonly clock?: Clock;
  readonly watch?: Watch | undefined;
}

export interface ServiceBus {
  readonly broker: Broker;
  /** For `@azure/service-bus`, and for a function app's setting `connection`. */
  readonly connectionString: string;
  /** For senders over HTTP, e.g. `http://127.0.0.1:9672`. */
  readonly restEndpoint: string;
  /** While on, everything is refused as by a busy server, and nothing is delivered. */
  fail(on: boolean): void;
  /** Closes the ports and every connection; messages are gone. */
  stop(): Promise<void>;
}

/**
 * A namespace of Azure Service Bus in memory, on 127.0.0.1: AMQP 1.0 for the official clients, and HTTP for senders.
 * @throws ServiceBusError for entities that Azure refuses
 * @throws Error when a port is taken
 */
export const startServiceBus = async (options: ServiceBusOptions): Promise<ServiceBus> => {
  const { clock = systemClock } = options;
  const broker = new Broker({ clock, watch: options.watch });
  broker.define(options.entities);
  const amqp = await startAmqp(broker, { port: options.port, clock });
  const rest = await startRest(broker, options.restPort).catch(async (error: unknown) => {
    await amqp.stop();
    throw error;
  });
  return {
    broker,
    // The key is no secret: tokens are not checked.
    connectionString: `Endpoint=sb://127.0.0.1:${amqp.port};SharedAccessKeyName=local;SharedAccessKey=bG9jYWw=;UseDevelopmentEmulator=true;`,
    restEndpoint: rest.endpoint,
    fail: (on) => broker.fail(on),
    async stop() {
      broker.close();
      await Promise.all([amqp.stop(), rest.stop()]);
    },
  };
};

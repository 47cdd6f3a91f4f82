import { systemChance } from '../../aws/chance.ts';
import { systemClock } from '../../aws/clock.ts';
import { createDynamoDb, type DynamoDb } from '../../aws/dynamodb/service.ts';
import { type AwsServer, startServer } from '../../aws/protocol/server.ts';
import { createSqs, type SqsService } from '../../aws/sqs/service.ts';
import type { EmulatorPorts } from './emulators.ts';

export interface EmbeddedAws {
  /** Endpoint of DynamoDB, when it was started. */
  readonly dynamodb?: string;
  /** Endpoint of SQS, when it was started. */
  readonly sqs?: string;
  /** Those that were started. */
  readonly services: { readonly dynamodb?: DynamoDb; readonly sqs?: SqsService };
  /** Closes the ports and every connection. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded DynamoDB and SQS in this process, on 127.0.0.1. Everything is in memory.
 * @param ports the port of each one to start, 0 for any free one; one left out is not started
 * @param region what ARNs say; callers of every region see the same tables and queues
 * @throws Error when a port is taken
 */
export const startEmbeddedAws = async (ports: EmulatorPorts, region: string): Promise<EmbeddedAws> => {
  const common = { clock: systemClock, chance: systemChance, region };
  const services = {
    dynamodb: createDynamoDb(common),
    // Developers delete and create queues again within a minute.
    sqs: createSqs({ ...common, deletedNamesPause: false }),
  };
  const servers = new Map<'dynamodb' | 'sqs', AwsServer>();
  for (const name of ['dynamodb', 'sqs'] as const) {
    const port = ports[name];
    if (port !== undefined)
      servers.set(name, await startServer([services[name]], { port, chance: systemChance }));
  }
  const stop = async (): Promise<void> => {
    for (const { close } of Object.values(services)) close();
    await Promise.all([...servers.values()].map((server) => server.stop()));
  };
  const endpoints = [...servers].map(([name, { endpoint }]) => [name, endpoint]);
  const started = [...servers.keys()].map((name) => [name, services[name]]);
  return { ...Object.fromEntries(endpoints), services: Object.fromEntries(started), stop };
};

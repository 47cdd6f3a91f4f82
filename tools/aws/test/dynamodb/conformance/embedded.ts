import { systemChance } from '../../../chance.ts';
import { systemClock } from '../../../clock.ts';
import { createDynamoDb } from '../../../dynamodb/service.ts';
import { startServer } from '../../../protocol/server.ts';

/** Serves the embedded DynamoDB on a free port. Expired items go at once. */
export const startEmbedded = async (): Promise<{
  readonly endpoint: string;
  stop(): Promise<void>;
}> => {
  const chance = systemChance;
  const dynamodb = createDynamoDb({
    clock: systemClock,
    chance,
    region: 'eu-central-1',
    timeToLiveDelayMs: 0,
  });
  const server = await startServer([dynamodb], { port: 0, chance });
  const stop = async (): Promise<void> => {
    dynamodb.close();
    await server.stop();
  };
  return { endpoint: server.endpoint, stop };
};

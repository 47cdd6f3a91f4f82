import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishers } from '@orderly/cli/topology/publishers';
import { eventDefinitions } from '@orderly/contracts';
import { repositoryRoot } from '@orderly/local/services';
import type { CatalogueEntry, QueueState } from '../api.ts';

const contracts = join(repositoryRoot, 'shared', 'contracts');
const readJson = (folder: string, type: string): unknown =>
  JSON.parse(readFileSync(join(contracts, folder, `${type}.json`), 'utf8'));

/** Every event of the contracts, with who subscribes to it now. */
export const readCatalogue = (queues: readonly QueueState[]): readonly CatalogueEntry[] => {
  const published = publishers();
  return eventDefinitions.map(({ type, name, topic, description = '' }) => {
    const publisher = published.get(topic);
    return {
      type: name,
      topic,
      version: type.split('.').at(-1) ?? '',
      ...(publisher !== undefined && { publisher }),
      description,
      consumers: queues
        .filter((queue) => queue.kind === 'subscription' && queue.topic === topic)
        .filter(({ events }) => events.length === 0 || events.includes(name) || events.includes(type))
        .map(({ consumer = '' }) => consumer),
      schema: readJson('schemas', type),
      example: readJson('examples', type),
    };
  });
};

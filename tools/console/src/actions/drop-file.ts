import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/services';

/** The file for a copy of the messages that are dropped now, in a folder that is there. */
export const dropFile = (queue: string): string => {
  const folder = join(repositoryRoot, '.orderly', 'dropped');
  mkdirSync(folder, { recursive: true });
  const time = new Date().toISOString().replaceAll(':', '-');
  return join(folder, `${queue.replaceAll(/[^\w.-]/g, '_')}-${time}.jsonl`);
};

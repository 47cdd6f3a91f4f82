import { resolve } from 'node:path';
import { release } from './release.ts';

// `npm run contracts:release`, from the root of the repository.
try {
  const added = release(resolve('.'));
  console.log(added.length === 0 ? 'Everything is released already' : added.join('\n'));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

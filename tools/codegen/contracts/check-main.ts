import { resolve } from 'node:path';
import { checkReleased } from './gate.ts';

// `npm run contracts:check`, from the root of the repository.
const report = checkReleased(resolve('.'));
if (report !== undefined) {
  console.error(report);
  process.exitCode = 1;
}

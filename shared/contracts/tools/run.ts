import { resolve } from 'node:path';
import { artefactFolders, contractArtefacts } from './build.ts';
import { replaceFiles } from './files.ts';
import { release } from './release.ts';

// `npm run contracts:build` and `npm run contracts:release`, from the root of the repository.
const root = resolve('.');
const [command] = process.argv.slice(2);

if (command === 'build') {
  const artefacts = contractArtefacts();
  replaceFiles(root, artefactFolders, artefacts);
  console.log(`${artefacts.length} files in ${artefactFolders.join(' and ')}`);
} else if (command === 'release') {
  try {
    const added = release(root);
    console.log(added.length === 0 ? 'Everything is released already' : added.join('\n'));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
} else {
  console.error(`Say "build" or "release", not "${command}"`);
  process.exitCode = 1;
}

import { resolve } from 'node:path';
import { artefactFolders, contractArtefacts } from './build.ts';
import { replaceFiles } from './files.ts';

// `npm run contracts:build`, from the root of the repository.
const artefacts = contractArtefacts();
replaceFiles(resolve('.'), artefactFolders, artefacts);
console.log(`${artefacts.length} files in ${artefactFolders.join(' and ')}`);

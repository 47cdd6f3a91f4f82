import { removeOtherFiles, writeFiles } from '../contracts/files.ts';
import { artefactFolders, artefacts } from './artefacts.ts';
import { root } from './platform.ts';

// `npm run contracts:build`
const files = artefacts();
removeOtherFiles(root, artefactFolders, files);
writeFiles(root, files);
console.log(`${files.length} files written`);

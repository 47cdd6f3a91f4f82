import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { answerHelp } from '@orderly/local/version';
import { root } from './bundle.ts';
import { writeSboms } from './write-sboms.ts';

answerHelp(`Usage: npm run sbom -- [--stage <stage>]

Writes the bill of materials of each service as it is packaged for a stage (default: dev).`);
const { values } = parseArgs({ options: { stage: { type: 'string', default: 'dev' } } });

void writeSboms(values.stage).then((written) => {
  for (const { path } of written) console.log(relative(root, path));
});

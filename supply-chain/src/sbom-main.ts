import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './bundle.ts';
import { writeSboms } from './write-sboms.ts';

// `npm run sbom -- --stage prod`; dev where no stage is given.
const { values } = parseArgs({ options: { stage: { type: 'string', default: 'dev' } } });

void writeSboms(values.stage).then((written) => {
  for (const { path } of written) console.log(relative(root, path));
});

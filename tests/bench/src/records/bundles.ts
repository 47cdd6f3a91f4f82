import { join } from 'node:path';
import { OrderPlaced } from '@orderly/contracts';
import { ourOptions } from '@orderly/serverless/bundle-options.ts';
import { type BuildOptions, build } from 'esbuild';
import { compiledSchema } from '../compiled-schema.ts';

const placedSchema = require(`../../../../shared/contracts/schemas/${OrderPlaced.type}.json`);

/** As people bundle for Lambda. */
const theirs: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  plugins: [compiledSchema(placedSchema, { strict: true })],
};

const ours: ReadonlySet<string> = new Set(['consume', 'publish', 'send', 'json-parse']);

/** Bundles a file of `handlers/` the way its authors would. @returns the path of the bundle */
export async function bundle(source: string, folder: string): Promise<string> {
  const outfile = join(folder, `${source}.cjs`);
  const options = ours.has(source) ? ourOptions() : theirs;
  const entry = join(__dirname, 'handlers', `${source}.ts`);
  await build({ ...options, entryPoints: [entry], outfile, logLevel: 'warning' });
  return outfile;
}

/** Bundles our consumer for a profile: as always, but with its names. @returns the path of the bundle */
export async function bundleForProfile(folder: string): Promise<string> {
  const outfile = join(folder, 'consume-for-profile.cjs');
  const entryPoints = [join(__dirname, 'handlers/consume.ts')];
  await build({ ...ourOptions(), minify: false, entryPoints, outfile, logLevel: 'warning' });
  return outfile;
}

/** The program that a container runs. @returns the path of its bundle */
export async function bundleContainer(folder: string): Promise<string> {
  const outfile = join(folder, 'container.cjs');
  await build({ ...theirs, entryPoints: [join(__dirname, 'container.ts')], outfile });
  return outfile;
}

import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles the process that runs functions, so that it needs no compiler.
 * @returns the file
 */
export const bundleHost = async (outdir: string): Promise<string> => {
  const outfile = join(outdir, 'host.js');
  await build({
    entryPoints: [join(__dirname, 'child.ts')],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['@google-cloud/functions-framework'],
    logLevel: 'silent',
  });
  return outfile;
};

import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Node } from '@orderly/support/node-versions';
import { build } from 'esbuild';
import JSZip from 'jszip';
import { runtimeEnvironment } from '../run-function.ts';
import { dependenciesOf } from './dependencies.ts';
import { sourceOf, type Variant } from './variants.ts';

export interface Packaged {
  readonly variant: Variant;
  /** The file that Lambda would load. */
  readonly entry: string;
  readonly zipKb: number;
}

/** A file of a package: its name there, and where it is now. */
type File = readonly [name: string, path: string];

async function zipKbOf(files: readonly File[]): Promise<number> {
  const zip = new JSZip();
  for (const [name, path] of files) zip.file(name, await readFile(path));
  const bytes = await zip.generateAsync({
    type: 'nodebuffer',
    compression: 'DEFLATE',
    compressionOptions: { level: 9 },
  });
  return Math.round(bytes.length / 1000);
}

/** V8 reads the cache of no other version, so every Node.js has its own. @returns the package's files, its entry first */
async function addCodeCache(bundle: string, node: Node): Promise<readonly [string, ...string[]]> {
  const folder = dirname(bundle);
  const [cache, entry] = [join(folder, 'bundle.cache'), join(folder, 'main.js')];
  const argv = [join(__dirname, 'code-cache.cjs'), bundle, cache];
  await promisify(execFile)(node.binary, argv, { env: { ...runtimeEnvironment, TABLE_NAME: 'none' } });
  await copyFile(join(__dirname, 'from-code-cache.cjs'), entry);
  return [entry, bundle, cache];
}

/** Bundles a variant into a folder and weighs what a deploy would upload. */
export async function packageVariant(variant: Variant, folder: string, node: Node): Promise<Packaged> {
  await mkdir(folder, { recursive: true });
  const bundle = join(folder, 'bundle.js');
  await build({
    platform: 'node',
    target: 'node20',
    ...variant.options,
    entryPoints: [sourceOf(variant)],
    outfile: bundle,
  });
  const own = variant.codeCache ? await addCodeCache(bundle, node) : ([bundle] as const);
  const [entry] = own;
  const installed = variant.options.bundle ? [] : await dependenciesOf('@aws-sdk/client-dynamodb');
  const zipKb = await zipKbOf([...own.map((path): File => [basename(path), path]), ...installed]);
  return { variant, entry, zipKb };
}

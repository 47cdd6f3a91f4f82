import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ourOptions } from '@orderly/serverless/bundle-options.ts';
import { build } from 'esbuild';

export const root = resolve(__dirname, '../../..');

/** A third-party package with code in a bundle. */
export interface BundledPackage {
  /** Where npm put it, which is its key in package-lock.json: node_modules/valibot */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** From its own package.json; absent where that has none. */
  readonly license: string | undefined;
}

export interface Bundle {
  /** The code, as it is in the zip. */
  readonly code: string;
  readonly packages: readonly BundledPackage[];
}

const packagePath = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/**
 * Bundles the file of a function as a deploy does, and lists the packages in the bundle.
 *
 * @param file relative to the root: services/orders/src/functions/place-order.ts
 */
export async function bundle(file: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...ourOptions(),
    absWorkingDir: root,
    entryPoints: [file],
    outdir: 'none',
    write: false,
    metafile: true,
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const paths = inputs.flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? (packagePath.exec(path)?.[0] ?? []) : [],
  );
  return {
    code: outputFiles.map(({ text }) => text).join(''),
    packages: [...new Set(paths)].sort().map(readPackage),
  };
}

function readPackage(path: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
  return { path, name, version, license };
}

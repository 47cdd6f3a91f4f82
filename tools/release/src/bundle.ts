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
 * Bundles the files of functions as a deploy does, in one go, and lists the packages in each bundle.
 *
 * @param files relative to the root: services/orders/src/functions/place-order.ts
 */
export async function bundle(files: readonly string[]): Promise<ReadonlyMap<string, Bundle>> {
  const { outputFiles, metafile } = await build({
    ...ourOptions(),
    absWorkingDir: root,
    entryPoints: [...files],
    outdir: 'none',
    write: false,
    metafile: true,
  });
  // Each entry point has one output, and both lists have the same order.
  const bundles = Object.values(metafile.outputs).map(({ entryPoint = '', inputs }, index) => {
    const paths = Object.entries(inputs).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? (packagePath.exec(path)?.[0] ?? []) : [],
    );
    const packages = [...new Set(paths)].sort().map(readPackage);
    return [entryPoint, { code: outputFiles[index]?.text ?? '', packages }] as const;
  });
  return new Map(bundles);
}

function readPackage(path: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
  return { path, name, version, license };
}

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { type PackagedFunction, packageServices } from '@orderly/local/packages';
import { bundle } from './bundle.ts';
import { sbomOf } from './sbom.ts';

export interface WrittenSbom {
  readonly fn: PackagedFunction;
  /** The file, beside the zip. */
  readonly path: string;
  /** The code that was bundled. */
  readonly code: string;
}

/** The source of a packaged function, relative to the root. */
export const sourceOf = ({ service, handler }: PackagedFunction): string =>
  `services/${service}/${handler.slice(0, handler.lastIndexOf('.'))}.ts`;

/** Packages every service for a stage, and writes `<function>.cdx.json` beside each zip. */
export async function writeSboms(stage: string): Promise<readonly WrittenSbom[]> {
  const functions = (await packageServices([stage])).flatMap((each) => each.functions);
  const bundles = await bundle(functions.map(sourceOf));
  return Promise.all(
    functions.map(async (fn) => {
      const { code = '', packages = [] } = bundles.get(sourceOf(fn)) ?? {};
      const zip = await readFile(fn.zip);
      const sha256 = createHash('sha256').update(zip).digest('hex');
      const path = fn.zip.replace(/\.zip$/, '.cdx.json');
      await writeFile(path, sbomOf({ name: `${fn.service}/${fn.name}`, sha256, packages }));
      return { fn, path, code };
    }),
  );
}

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
  const packages = await packageServices([stage]);
  const written: WrittenSbom[] = [];
  for (const fn of packages.flatMap(({ functions }) => functions)) {
    const sha256 = createHash('sha256')
      .update(await readFile(fn.zip))
      .digest('hex');
    const { code, packages } = await bundle(sourceOf(fn));
    const path = fn.zip.replace(/\.zip$/, '.cdx.json');
    await writeFile(path, sbomOf({ name: `${fn.service}/${fn.name}`, sha256, packages }));
    written.push({ fn, path, code });
  }
  return written;
}

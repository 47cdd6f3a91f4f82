import { mkdir, readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { rounded } from '@orderly/support/statistics';
import { build } from 'esbuild';
import { runFile } from '../run-function.ts';
import { type Profile, type SourceOf, timesByLayer } from './attribution.ts';
import type { LayerFigures, ProfileFigures } from './figures.ts';
import { layerOfSource, layers } from './layers.ts';
import { sourceOf, type Variant } from './variants.ts';

/** Characters of a line, some more where it cannot be broken. */
const lineLimit = 80;
/** More than a line has. */
const lineEnd = 1_000_000;

/** Bytes of each layer in the bundle as it is deployed. */
async function bytesByLayer(variant: Variant): Promise<ReadonlyMap<string, number>> {
  const options = {
    ...variant.options,
    entryPoints: [sourceOf(variant)],
    outfile: 'bundle.js',
    write: false,
  };
  const { metafile } = await build({ ...options, metafile: true });
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const layer = layerOfSource(path);
      bytes.set(layer, (bytes.get(layer) ?? 0) + bytesInOutput);
    }
  }
  return bytes;
}

/** The same bundle, broken into short lines: a profile counts by line, and the deployed bundle has only one. */
async function bundleInLines(variant: Variant, bundle: string) {
  await build({
    ...variant.options,
    lineLimit,
    sourcemap: 'external',
    entryPoints: [sourceOf(variant)],
    outfile: bundle,
  });
  const map = new SourceMap(JSON.parse(await readFile(`${bundle}.map`, 'utf8')));
  const sourceOfLine: SourceOf = (line) => {
    const entry = map.findEntry(line - 1, lineEnd);
    return 'originalSource' in entry ? entry.originalSource : undefined;
  };
  return { bundle, sourceOfLine };
}

/** How variants are loaded and called. */
export interface ProfileRuns {
  readonly folder: string;
  /** The path of the Node.js that runs them. */
  readonly node: string;
  /** An event for a call. */
  readonly event: (id: string) => object;
  readonly environment: Readonly<Record<string, string>>;
  /** Processes of each variant whose profiles are summed. */
  readonly processes: number;
}

function layersOf(bytes: ReadonlyMap<string, number>, times: ReadonlyMap<string, number>) {
  const figures = layers.map((name): LayerFigures => {
    const kb = rounded((bytes.get(name) ?? 0) / 1000, 1);
    return { name, kb, ms: rounded(times.get(name) ?? 0, 2) };
  });
  return figures.filter(({ kb, ms }) => kb > 0 || ms > 0);
}

/** Where the time of loading variants and of their first calls goes: the mean of fresh processes, taken in turn. */
export async function profileVariants(
  variants: readonly Variant[],
  { folder, node, event, environment, processes }: ProfileRuns,
): Promise<readonly ProfileFigures[]> {
  await mkdir(folder, { recursive: true });
  const profiled = await Promise.all(
    variants.map(async (variant, index) => ({
      name: variant.name,
      bytes: await bytesByLayer(variant),
      times: new Map<string, number>(),
      ...(await bundleInLines(variant, join(folder, `${index}.js`))),
    })),
  );
  for (let process = 0; process < processes; process++) {
    for (const { name, times, bundle, sourceOfLine } of profiled) {
      const events = [event(`profile ${process} of ${name}`)];
      const program = 'cold-start/profile.cjs';
      const profile = await runFile<Profile>(bundle, 'handler', events, environment, { node, program });
      const byLayer = timesByLayer(profile, (url) => url.endsWith(bundle), sourceOfLine);
      for (const [layer, ms] of byLayer) times.set(layer, (times.get(layer) ?? 0) + ms / processes);
    }
  }
  return profiled.map(({ name, bytes, times }) => ({ name, processes, layers: layersOf(bytes, times) }));
}

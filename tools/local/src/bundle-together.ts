import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type * as Esbuild from 'esbuild';
import type { BuildOptions, OutputFile } from 'esbuild';
import { BundleCache } from './bundle-cache.ts';
import type { Build, Built, EsbuildPlugin } from './esbuild-plugin.ts';
import type { Serverless } from './serverless.ts';

/** The one that serverless-esbuild has loaded already; an import of it from here would be another. */
const esbuild = createRequire(__filename)('esbuild') as typeof Esbuild;

/** A service's options: esbuild's own, and those of serverless-esbuild that services here may use. */
interface ServiceOptions extends Omit<BuildOptions, 'plugins'> {
  readonly exclude?: readonly string[];
  /** The file that exports them. */
  readonly plugins?: string;
  readonly watch?: unknown;
}

const readOptions = (
  plugin: EsbuildPlugin,
  entries: readonly string[],
  { service, serviceDir }: Serverless,
) => {
  const { bundle, platform, target } = plugin.buildOptions;
  const { exclude = [], plugins, watch: _, ...own }: ServiceOptions = service.custom?.esbuild ?? {};
  const options = {
    bundle,
    platform,
    target,
    ...own,
    absWorkingDir: serviceDir,
    entryPoints: [...entries],
    external: [...exclude],
    outbase: serviceDir,
    metafile: true as const,
    // Beside the bundle, for `readable-stack.ts`; Node itself does not load it.
    sourcemap: 'external' as const,
    sourcesContent: false,
  };
  return { options, pluginFiles: plugins === undefined ? [] : [join(serviceDir, plugins)] };
};

/** A function that loads at the same time gets the old file or the new one, never a part of one. */
const replaceFile = async ({ path, contents }: OutputFile): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, contents);
  await rename(`${path}.new`, path);
};

/** Files that change within this time, as those of a commit do, are one build. */
const TOGETHER_MS = 50;

/** Runs one after the other. Calls share a run that has not begun yet. */
const oneAtATime = <T>(run: () => Promise<T>): (() => Promise<T>) => {
  let last: Promise<unknown> | undefined;
  let waiting: Promise<T> | undefined;
  const turn = async (): Promise<void> => {
    if (last === undefined) return;
    await last.catch(() => undefined);
    await delay(TOGETHER_MS);
  };
  return () => {
    waiting ??= turn().then(() => {
      waiting = undefined;
      return run();
    });
    last = waiting;
    return waiting;
  };
};

/**
 * Builds all functions of a service at once, in place of each on its own: what they share, most of it the AWS SDK, is
 * parsed once, in less than half of the time. The first build of a process takes bundles that an earlier one has left, if
 * they are up to date.
 */
const buildOfAll = (plugin: EsbuildPlugin, entries: readonly string[], serverless: Serverless) => {
  const { options, pluginFiles } = readOptions(plugin, entries, serverless);
  const cache = new BundleCache(serverless.service.service, { esbuild: esbuild.version, options });
  let first = true;
  return oneAtATime(async (): Promise<Built | undefined> => {
    const outdir = plugin.buildDirPath;
    const restored = first && (await cache.restore(outdir));
    first = false;
    if (restored) return undefined;
    const { outputFiles, ...result } = await esbuild.build({
      ...options,
      outdir,
      plugins: plugin.plugins,
      write: false,
    });
    await Promise.all(outputFiles.map(replaceFile));
    // Its process keeps a hundred megabytes, and a change of code is rare.
    await esbuild.stop();
    const inputs = Object.keys(result.metafile.inputs).filter((name) => !name.includes(':'));
    await cache.save(outdir, [...inputs.map((name) => resolve(serverless.serviceDir, name)), ...pluginFiles]);
    return result;
  });
};

/** Has all functions of a service built at once, now and whenever a file changes. */
export const bundleTogether = (plugin: EsbuildPlugin, serverless: Serverless): void => {
  const bundleEach = plugin.bundle;
  let build: ReturnType<typeof buildOfAll> | undefined;
  plugin.bundle = async () => {
    const entries = [...new Set(plugin.functionEntries.map(({ entry }) => entry))];
    build ??= buildOfAll(plugin, entries, serverless);
    const result = build();
    // serverless-esbuild builds each entry; here all share one build.
    const context: Build = { rebuild: () => result, dispose: async () => undefined };
    plugin.buildCache = Object.fromEntries(entries.map((entry) => [entry, { context }]));
    await bundleEach();
  };
};

import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Esbuild from 'esbuild';
import type { BuildOptions, BuildResult, Plugin } from 'esbuild';
import { isAlive } from './platform-record.ts';
import type { Serverless } from './serverless.ts';

/** The one that serverless-esbuild has loaded already; an import of it from here would be another. */
const esbuild = createRequire(__filename)('esbuild') as typeof Esbuild;

const PREFIX = '.esbuild-offline-';

/** A file is read when it has been written to its end: half of one would be bundled as it is, and stay. */
const watchOptions = {
  ignoreInitial: true,
  awaitWriteFinish: { stabilityThreshold: 100, pollInterval: 20 },
};

interface Build {
  rebuild(): Promise<BuildResult>;
  dispose(): Promise<void>;
}

interface EsbuildPlugin {
  readonly buildOptions: { outputWorkFolder?: string; watch: { chokidar?: object } };
  readonly buildDirPath?: string;
  readonly plugins: Plugin[];
  readonly functionEntries: readonly { readonly entry: string }[];
  /** What builds a function again, by its file. */
  buildCache: Record<string, { readonly context: Build }>;
  /** Works out its folders from its options. */
  init(): void;
  bundle(): Promise<void>;
  /** Ends its watching; a process that exits without it prints a stack trace of esbuild's. */
  disposeContexts(): Promise<void>;
}

const isEsbuildPlugin = (plugin: object): plugin is EsbuildPlugin =>
  plugin.constructor.name === 'EsbuildServerlessPlugin';

/**
 * Gives the functions of this process a build folder of their own: `sls package`, or a second
 * platform, empties the usual one under the running functions. Folders that ended processes left
 * behind are removed. Changed files are bundled when they have been written to their end.
 * @returns a function that removes the folder
 */
export const setUpBundling = (serverless: Serverless): (() => void) => {
  const { serviceDir, pluginManager } = serverless;
  for (const name of readdirSync(serviceDir).filter((entry) => entry.startsWith(PREFIX))) {
    if (!isAlive(Number(name.slice(PREFIX.length)))) remove(serviceDir, name);
  }
  const folder = `${PREFIX}${process.pid}`;
  const plugin = pluginManager.plugins.find(isEsbuildPlugin);
  if (plugin) {
    plugin.buildOptions.outputWorkFolder = folder;
    plugin.buildOptions.watch = { ...plugin.buildOptions.watch, chokidar: watchOptions };
    plugin.init();
    bundleTogether(plugin, serverless);
  }
  return () => remove(serviceDir, folder);
};

/**
 * Has all functions built at once: what they share, most of it the AWS SDK, is parsed once and not for each of
 * them, in less than half of the time.
 */
const bundleTogether = (plugin: EsbuildPlugin, { service, serviceDir }: Serverless): void => {
  const bundleEach = plugin.bundle;
  plugin.bundle = async () => {
    if (Object.keys(plugin.buildCache).length === 0) {
      const {
        exclude = [],
        plugins: _,
        watch: __,
        ...options
      }: EsbuildOptions = service.custom?.esbuild ?? {};
      const entries = [...new Set(plugin.functionEntries.map(({ entry }) => entry))];
      const build = await esbuild.context({
        ...options,
        absWorkingDir: serviceDir,
        entryPoints: entries,
        external: [...exclude],
        outbase: serviceDir,
        ...(plugin.buildDirPath !== undefined && { outdir: plugin.buildDirPath }),
        plugins: plugin.plugins,
      });
      const shared = { context: oneAtATime(build) };
      plugin.buildCache = Object.fromEntries(entries.map((entry) => [entry, shared]));
    }
    await bundleEach();
  };
};

interface EsbuildOptions extends Omit<BuildOptions, 'plugins'> {
  readonly exclude?: readonly string[];
  readonly plugins?: unknown;
  readonly watch?: unknown;
}

/** The functions ask for their rebuild at the same moment: all get the same one. */
const oneAtATime = ({ rebuild, dispose }: Build): Build => {
  let running: Promise<BuildResult> | undefined;
  return {
    dispose,
    rebuild: () => {
      running ??= rebuild().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
};

/** Stops watching the code of the service. */
export const stopBuilding = async ({ pluginManager }: Serverless): Promise<void> => {
  await pluginManager.plugins.find(isEsbuildPlugin)?.disposeContexts();
};

const remove = (serviceDir: string, name: string): void =>
  rmSync(join(serviceDir, name), { recursive: true, force: true });

import { createRequire } from 'node:module';
import type * as Esbuild from 'esbuild';
import type { BuildOptions, BuildResult } from 'esbuild';
import type { Build, EsbuildPlugin } from './esbuild-plugin.ts';
import type { Serverless } from './serverless.ts';

/** The one that serverless-esbuild has loaded already; an import of it from here would be another. */
const esbuild = createRequire(__filename)('esbuild') as typeof Esbuild;

/** A service's options: esbuild's own, and those of serverless-esbuild that services here may use. */
interface ServiceOptions extends Omit<BuildOptions, 'plugins'> {
  readonly exclude?: readonly string[];
  readonly plugins?: unknown;
  readonly watch?: unknown;
}

/** Those who ask for a rebuild at the same moment all get the same one. */
const shared = ({ rebuild, dispose }: Build): Build => {
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

const buildOfAll = (plugin: EsbuildPlugin, entries: readonly string[], serverless: Serverless) => {
  const { bundle, platform, target } = plugin.buildOptions;
  const options: ServiceOptions = serverless.service.custom?.esbuild ?? {};
  const { exclude = [], plugins: _, watch: __, ...own } = options;
  return esbuild.context({
    bundle,
    platform,
    target,
    ...own,
    absWorkingDir: serverless.serviceDir,
    entryPoints: [...entries],
    external: [...exclude],
    outbase: serverless.serviceDir,
    outdir: plugin.buildDirPath,
    plugins: plugin.plugins,
  });
};

/**
 * Has all functions of a service built at once, now and whenever a file changes. serverless-esbuild builds each on its
 * own; what they share, most of it the AWS SDK, is parsed once so, in less than half of the time.
 */
export const bundleTogether = (plugin: EsbuildPlugin, serverless: Serverless): void => {
  const bundleEach = plugin.bundle;
  plugin.bundle = async () => {
    if (Object.keys(plugin.buildCache).length === 0) {
      const entries = [...new Set(plugin.functionEntries.map(({ entry }) => entry))];
      const context = shared(await buildOfAll(plugin, entries, serverless));
      plugin.buildCache = Object.fromEntries(entries.map((entry) => [entry, { context }]));
    }
    await bundleEach();
  };
};

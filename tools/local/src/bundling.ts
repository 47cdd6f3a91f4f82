import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleTogether } from './bundle-together.ts';
import { isEsbuildPlugin } from './esbuild-plugin.ts';
import { isAlive } from './is-alive.ts';
import type { Serverless } from './serverless.ts';

const PREFIX = '.esbuild-offline-';

/** A file is read when it has been written to its end: half of one would be bundled as it is, and stay. */
const watchOptions = {
  ignoreInitial: true,
  awaitWriteFinish: { stabilityThreshold: 100, pollInterval: 20 },
};

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
  const esbuild = pluginManager.plugins.find(isEsbuildPlugin);
  if (esbuild) {
    esbuild.buildOptions.outputWorkFolder = folder;
    esbuild.buildOptions.watch = { ...esbuild.buildOptions.watch, chokidar: watchOptions };
    esbuild.init();
    bundleTogether(esbuild, serverless);
  }
  return () => remove(serviceDir, folder);
};

/** Stops watching the code of the service. */
export const stopBuilding = async ({ pluginManager }: Serverless): Promise<void> => {
  await pluginManager.plugins.find(isEsbuildPlugin)?.disposeContexts();
};

const remove = (serviceDir: string, name: string): void =>
  rmSync(join(serviceDir, name), { recursive: true, force: true });

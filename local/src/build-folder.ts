import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './platform-record.ts';
import type { Serverless } from './serverless.ts';

const PREFIX = '.esbuild-offline-';

interface EsbuildPlugin {
  readonly buildOptions: { outputWorkFolder?: string };
  /** Works out its folders from its options. */
  init(): void;
  /** Ends its watching; a process that exits without it prints a stack trace of esbuild's. */
  disposeContexts(): Promise<void>;
}

const isEsbuildPlugin = (plugin: object): plugin is EsbuildPlugin =>
  plugin.constructor.name === 'EsbuildServerlessPlugin';

/**
 * Gives the functions of this process a build folder of their own: `sls package`, or a second
 * platform, empties the usual one under the running functions. Folders that ended processes left
 * behind are removed.
 * @returns a function that removes the folder
 */
export const useOwnBuildFolder = ({ serviceDir, pluginManager }: Serverless): (() => void) => {
  for (const name of readdirSync(serviceDir).filter((entry) => entry.startsWith(PREFIX))) {
    if (!isAlive(Number(name.slice(PREFIX.length)))) remove(serviceDir, name);
  }
  const folder = `${PREFIX}${process.pid}`;
  const esbuild = pluginManager.plugins.find(isEsbuildPlugin);
  if (esbuild) {
    esbuild.buildOptions.outputWorkFolder = folder;
    esbuild.init();
  }
  return () => remove(serviceDir, folder);
};

/** Stops watching the code of the service. */
export const stopBuilding = async ({ pluginManager }: Serverless): Promise<void> => {
  await pluginManager.plugins.find(isEsbuildPlugin)?.disposeContexts();
};

const remove = (serviceDir: string, name: string): void =>
  rmSync(join(serviceDir, name), { recursive: true, force: true });

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './platform-record.ts';
import type { Serverless } from './serverless.ts';

const PREFIX = '.esbuild-offline-';

interface EsbuildPlugin {
  init(): void;
}

const isEsbuildPlugin = (plugin: object): plugin is EsbuildPlugin =>
  plugin.constructor.name === 'EsbuildServerlessPlugin';

/**
 * Gives the functions of this process a build folder of their own: `sls package`, or a second
 * platform, empties the usual one under the running functions. Folders that ended processes left
 * behind are removed.
 * @returns a function that removes the folder
 */
export const useOwnBuildFolder = ({ service, serviceDir, pluginManager }: Serverless): (() => void) => {
  for (const name of readdirSync(serviceDir).filter((entry) => entry.startsWith(PREFIX))) {
    if (!isAlive(Number(name.slice(PREFIX.length)))) remove(serviceDir, name);
  }
  const folder = `${PREFIX}${process.pid}`;
  service.custom = { ...service.custom, esbuild: { ...service.custom?.esbuild, outputWorkFolder: folder } };
  // It has read its options already.
  pluginManager.plugins.find(isEsbuildPlugin)?.init();
  return () => remove(serviceDir, folder);
};

const remove = (serviceDir: string, name: string): void =>
  rmSync(join(serviceDir, name), { recursive: true, force: true });

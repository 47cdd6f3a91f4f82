import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import JSZip from 'jszip';

const root = resolve(__dirname, '../..');

export const services = ['orders', 'inventory', 'notifications'] as const;
export type Service = (typeof services)[number];

/** One function as `sls package` leaves it. */
export interface PackagedFunction {
  readonly service: Service;
  readonly name: string;
  /** The zip that a deploy uploads, and its size in bytes. */
  readonly zip: string;
  readonly bytes: number;
  /** `<file without extension>.<export>`, relative to the zip. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface ServerlessState {
  readonly service: {
    readonly provider: { readonly environment: Readonly<Record<string, string>> };
    readonly functions: Readonly<Record<string, FunctionState>>;
  };
}

interface FunctionState {
  readonly handler: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Packages a service exactly as a deploy would.
 *
 * @throws Error with what the command printed when it fails
 */
export async function packageService(service: Service, stage: string): Promise<readonly PackagedFunction[]> {
  const cwd = join(root, 'services', service);
  const folder = join(root, '.orderly/packages', stage, service);
  const sls = createRequire(__filename).resolve('serverless/bin/serverless.js');
  rmSync(folder, { recursive: true, force: true });
  const argv = [sls, 'package', '--stage', stage, '--package', relative(cwd, folder)];
  await promisify(execFile)(process.execPath, argv, { cwd });

  const state = JSON.parse(readFileSync(join(folder, 'serverless-state.json'), 'utf8')) as ServerlessState;
  const { provider, functions } = state.service;
  return Object.entries(functions).map(([name, { handler, environment }]) => {
    const zip = join(folder, `${name}.zip`);
    const { size: bytes } = statSync(zip);
    return { service, name, zip, bytes, handler, environment: { ...provider.environment, ...environment } };
  });
}

/** Unpacks a function beside its zip. @returns the path of its handler's file, without the extension */
export async function unpack({ zip, handler }: PackagedFunction): Promise<string> {
  const folder = zip.replace(/\.zip$/, '');
  if (!existsSync(folder)) {
    const { files } = await JSZip.loadAsync(await readFile(zip));
    for (const file of Object.values(files).filter(({ dir }) => !dir)) {
      const path = join(folder, file.name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await file.async('nodebuffer'));
    }
  }
  return join(folder, handler.slice(0, handler.lastIndexOf('.')));
}

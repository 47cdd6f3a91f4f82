import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { repositoryRoot } from './services.ts';

const CACHE = join(repositoryRoot, '.orderly/bundles');
const MANIFEST = 'manifest.json';

interface Manifest {
  /** What the bundles were made with. */
  readonly recipe: string;
  /** Every file that they were made of, absolute, with its size and time of change. */
  readonly inputs: Readonly<Record<string, string>>;
}

const fingerprint = async (file: string): Promise<string> => {
  const { size, mtimeMs } = await stat(file);
  return `${size} ${mtimeMs}`;
};

const fingerprints = async (files: readonly string[]): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all(files.map(async (file) => [file, await fingerprint(file)] as const)));

const readManifest = async (folder: string): Promise<Manifest | undefined> => {
  try {
    return JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
};

/**
 * The bundles of a service's functions, kept from one start of the platform to the next in `.orderly/bundles`. They are
 * used again while no file that they were made of has changed.
 */
export class BundleCache {
  readonly #folder: string;
  readonly #recipe: string;

  /**
   * @param service the name of the service
   * @param recipe everything but files that decides what the bundles are: options, versions, entries
   */
  constructor(service: string, recipe: object) {
    this.#folder = join(CACHE, service);
    this.#recipe = createHash('sha256').update(JSON.stringify(recipe)).digest('hex');
  }

  /**
   * Copies the bundles to a folder.
   * @returns false when there are none, or when they are out of date
   */
  async restore(folder: string): Promise<boolean> {
    const manifest = await readManifest(this.#folder);
    if (manifest?.recipe !== this.#recipe) return false;
    try {
      const now = await fingerprints(Object.keys(manifest.inputs));
      if (Object.entries(now).some(([file, print]) => manifest.inputs[file] !== print)) return false;
      await cp(join(this.#folder, 'out'), folder, { recursive: true });
      return true;
    } catch {
      // A file that they were made of is gone, or another start is replacing them.
      return false;
    }
  }

  /**
   * Keeps the bundles that are in a folder.
   * @param inputs the files that they were made of
   */
  async save(folder: string, inputs: readonly string[]): Promise<void> {
    const own = `${this.#folder}.${process.pid}`;
    const files = inputs.map((file) => resolve(file));
    const manifest: Manifest = { recipe: this.#recipe, inputs: await fingerprints(files) };
    await mkdir(CACHE, { recursive: true });
    await rm(own, { recursive: true, force: true });
    await cp(folder, join(own, 'out'), { recursive: true });
    await writeFile(join(own, MANIFEST), JSON.stringify(manifest));
    try {
      await rm(this.#folder, { recursive: true, force: true });
      await rename(own, this.#folder);
    } catch {
      // Another start has put its own there in between.
      await rm(own, { recursive: true, force: true });
    }
  }
}

import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repositoryRoot } from '@orderly/local/ports';
import type { Defect } from './defects.ts';

/** Not sources, or made anew. */
const leftOut = /^(node_modules|\.git|\.orderly|\.serverless|\.esbuild.*|coverage|dist)$/;
const REBUILD_LIMIT_MS = 60_000;
const STEADY_MS = 1_000;

/** A copy of this checkout in which a defect can be switched on while its platform runs. */
export class DefectiveCopy {
  readonly root = mkdtempSync(join(tmpdir(), 'orderly-defects-'));

  #undo: () => void = () => undefined;

  constructor() {
    for (const entry of readdirSync(repositoryRoot).filter((name) => !leftOut.test(name))) {
      const from = join(repositoryRoot, entry);
      cpSync(from, join(this.root, entry), {
        recursive: true,
        filter: (path) => !leftOut.test(basename(path)),
      });
    }
    this.#linkPackages();
  }

  /**
   * Makes this mistake, and none that was made before, and waits until the running services have bundled it.
   * @throws Error when the source is not as the defect says
   */
  async switchTo({ name, file, replace, by }: Defect): Promise<void> {
    const path = join(this.root, file);
    this.#undo();
    const right = readFileSync(path, 'utf8');
    if (right.split(replace).length !== 2) throw new Error(`${file} does not hold once: ${replace}`);
    // The minifier keeps it, and so it shows which code a bundle holds.
    const mark = `defect: ${name}`;
    const wrong = right.replace(replace, () => by);
    writeFileSync(path, `${wrong}\nObject.assign(globalThis, { mark: '${mark}' });\n`);
    this.#undo = () => writeFileSync(path, right);
    await this.#untilBundled((bundle) => bundle.includes(mark));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Third-party packages are those of this checkout, the workspaces those of the copy. */
  #linkPackages(): void {
    const from = join(repositoryRoot, 'node_modules');
    const to = join(this.root, 'node_modules');
    mkdirSync(join(to, '@orderly'), { recursive: true });
    for (const entry of readdirSync(from)) {
      if (entry !== '@orderly') symlinkSync(join(from, entry), join(to, entry));
    }
    for (const entry of readdirSync(join(from, '@orderly'))) {
      symlinkSync(readlinkSync(join(from, '@orderly', entry)), join(to, '@orderly', entry));
    }
  }

  /** Services bundle one after the other: some bundle must be as it should, and no bundle change any more. */
  async #untilBundled(isRight: (bundle: string) => boolean): Promise<void> {
    const deadline = Date.now() + REBUILD_LIMIT_MS;
    let [before, since] = ['', Date.now()];
    for (;;) {
      const bundles = this.#bundles().map((path) => readFileSync(path, 'utf8'));
      const now = createHash('sha256').update(bundles.join()).digest('hex');
      if (now !== before) [before, since] = [now, Date.now()];
      if (bundles.some(isRight) && Date.now() - since > STEADY_MS) return;
      if (Date.now() > deadline) throw new Error('The services did not bundle the change in time');
      await delay(100);
    }
  }

  /** The functions as the running services have bundled them. */
  #bundles(): readonly string[] {
    const services = join(this.root, 'services');
    const all = readdirSync(services, { recursive: true, encoding: 'utf8' });
    return all
      .filter((path) => /[/]\.esbuild-offline-.*\.js$/.test(path))
      .map((path) => join(services, path));
  }
}

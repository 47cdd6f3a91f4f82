import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CheckoutCopy } from '@orderly/support/checkout-copy';
import type { Defect } from '@orderly/support/defects';

const REBUILD_LIMIT_MS = 60_000;
const STEADY_MS = 1_000;

/** A copy of this checkout in which a defect can be switched on while its platform runs. */
export class DefectiveCopy extends CheckoutCopy {
  #undo: () => void = () => undefined;

  constructor() {
    super('orderly-defects');
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

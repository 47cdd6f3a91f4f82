import { compile } from '../src/sandbox/bundle.ts';
import { type Library, load, type Program } from '../src/sandbox/sandbox.ts';
import { Dice } from '../src/world/dice.ts';
import { EPOCH_MS, Scheduler } from '../src/world/scheduler.ts';

interface Loaded {
  readonly scheduler: Scheduler;
  readonly printed: string[];
  /** Calls what the program exports as `run`, until its promise is settled. */
  readonly run: (...values: readonly unknown[]) => Promise<unknown>;
}

/** A program that is bundled whole. */
export const programOf = (text: string, library: Library = noLibrary): Program => ({
  code: compile('tested', text),
  library,
});

const noLibrary: Library = (packageName) => {
  throw new Error(`There is no ${packageName}`);
};

/** Loads the text of a program that exports `run`. */
export function loadProgram(
  text: string,
  { seed = 1, env = {}, library = noLibrary, scheduler = new Scheduler(new Dice(seed, 'ties')) } = {},
): Loaded {
  const printed: string[] = [];
  const loaded = load(programOf(text, library), {
    nowMs: () => EPOCH_MS + scheduler.micros / 1000,
    delay: (ms, callback) => scheduler.after(ms, callback),
    dice: new Dice(seed, 'tested'),
    env: { GIVEN: 'by the world', ...env },
    write: (line) => void printed.push(line),
    send: () => 'sent',
  });
  const program = loaded.exports as { readonly run: (...values: readonly unknown[]) => unknown };
  const run = async (...values: readonly unknown[]): Promise<unknown> => {
    const result = Promise.resolve().then(() => loaded.enter(() => program.run(...values)));
    await scheduler.run(result);
    return result;
  };
  return { scheduler, printed, run };
}

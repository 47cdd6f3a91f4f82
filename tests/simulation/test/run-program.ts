import { compile } from '../src/sandbox/bundle.ts';
import { load } from '../src/sandbox/sandbox.ts';
import { Dice } from '../src/world/dice.ts';
import { EPOCH_MS, Scheduler } from '../src/world/scheduler.ts';

interface Loaded {
  readonly scheduler: Scheduler;
  readonly printed: string[];
  /** Calls what the program exports as `run`, until its promise is settled. */
  readonly run: (...values: readonly unknown[]) => Promise<unknown>;
}

/** Loads the text of a program that exports `run`. */
export function loadProgram(
  text: string,
  { seed = 1, scheduler = new Scheduler(new Dice(seed, 'ties')) } = {},
): Loaded {
  const printed: string[] = [];
  const exported = load(compile('tested', text), {
    nowMs: () => EPOCH_MS + scheduler.micros / 1000,
    delay: (ms, callback) => scheduler.after(ms, callback),
    dice: new Dice(seed, 'tested'),
    env: { GIVEN: 'by the world' },
    write: (line) => void printed.push(line),
    send: () => 'sent',
  }) as { readonly run: (...values: readonly unknown[]) => unknown };
  const run = async (...values: readonly unknown[]): Promise<unknown> => {
    const result = Promise.resolve().then(() => exported.run(...values));
    await scheduler.run(result);
    return result;
  };
  return { scheduler, printed, run };
}

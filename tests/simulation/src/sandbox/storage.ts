import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import type { Running } from './running.ts';

interface Entry {
  readonly storage: Storage;
  readonly value: unknown;
  readonly outer: Entry | undefined;
}

/** The program that runs, and what its storages hold. */
interface Context {
  readonly program: Running | undefined;
  readonly entry: Entry | undefined;
}

const NOBODY: Context = { program: undefined, entry: undefined };

/**
 * Every program makes storages of its own, and Node.js 20 looks at each of them for every promise of the process. So there
 * is one for the whole world, and a program's are entries of it.
 */
const carrier = new AsyncLocalStorage<Context>();

const context = (): Context => carrier.getStore() ?? NOBODY;

class Storage {
  run<T, A extends unknown[]>(value: unknown, work: (...values: A) => T, ...values: A): T {
    return carrier.run(this.#with(value), work, ...values);
  }

  exit<T, A extends unknown[]>(work: (...values: A) => T, ...values: A): T {
    return this.run(undefined, work, ...values);
  }

  enterWith(value: unknown): void {
    carrier.enterWith(this.#with(value));
  }

  getStore(): unknown {
    for (let { entry } = context(); entry !== undefined; entry = entry.outer)
      if (entry.storage === this) return entry.value;
    return undefined;
  }

  disable(): void {}

  static bind<T, A extends unknown[]>(work: (...values: A) => T) {
    return inContext(work);
  }

  static snapshot() {
    return inContext((work: (...values: unknown[]) => unknown, ...values: unknown[]) => work(...values));
  }

  #with(value: unknown): Context {
    const { program, entry } = context();
    return { program, entry: { storage: this, value, outer: entry } };
  }
}

/** Node.js's module, as a program finds it. */
export const asyncHooks = { AsyncLocalStorage: Storage, AsyncResource };

/** A function that runs in the context in which it is made here. */
export function inContext<T, A extends unknown[]>(work: (...values: A) => T): (...values: A) => T {
  const here = context();
  return (...values) => carrier.run(here, work, ...values);
}

/** Runs `work`, and everything that it leads to, as a part of a program; of none without one. */
export const runAs = <T>(program: Running | undefined, work: () => T): T =>
  carrier.run({ program, entry: undefined }, work);

export const runningIfAny = (): Running | undefined => context().program;

/**
 * The program that runs.
 * @throws Error where none does: e.g. a module that programs share asks for the time while it is loaded
 */
export function running(): Running {
  const program = runningIfAny();
  if (program === undefined)
    throw new Error('No program runs here: whose time, chance or settings would it be?');
  return program;
}

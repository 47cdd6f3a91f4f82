import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

interface Entry {
  readonly storage: Storage;
  readonly value: unknown;
  readonly outer: Entry | undefined;
}

/**
 * Every program makes storages of its own, and Node.js 20 looks at each of them for every promise of the process. So there
 * is one for the whole world, and a program's are entries of it.
 */
const carrier = new AsyncLocalStorage<Entry | undefined>();

class Storage {
  run<T, A extends unknown[]>(value: unknown, work: (...values: A) => T, ...values: A): T {
    return carrier.run({ storage: this, value, outer: carrier.getStore() }, work, ...values);
  }

  exit<T, A extends unknown[]>(work: (...values: A) => T, ...values: A): T {
    return this.run(undefined, work, ...values);
  }

  enterWith(value: unknown): void {
    carrier.enterWith({ storage: this, value, outer: carrier.getStore() });
  }

  getStore(): unknown {
    for (let entry = carrier.getStore(); entry !== undefined; entry = entry.outer)
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
}

/** Node.js's module, as a program finds it. */
export const asyncHooks = { AsyncLocalStorage: Storage, AsyncResource };

/** A function that runs in the context in which it is made here. */
export function inContext<T, A extends unknown[]>(work: (...values: A) => T): (...values: A) => T {
  const context = carrier.getStore();
  return (...values) => carrier.run(context, work, ...values);
}

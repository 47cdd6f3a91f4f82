import { AsyncLocalStorage } from 'node:async_hooks';

// Before each test file: ends the async contexts that earlier files of this process have entered. Jest itself has one for
// each file, never ends it, and in Node.js 20 and 22 every promise pays for each of them.

type Context = AsyncLocalStorage<unknown>;

// The class is Node's own, and so the same one for all files of a process, each of which runs this.
const shared = AsyncLocalStorage as typeof AsyncLocalStorage & { entered?: Set<Context> };

const remembering = (entered: Set<Context>): Set<Context> => {
  const { run } = AsyncLocalStorage.prototype;
  AsyncLocalStorage.prototype.run = function (this: Context, ...args: unknown[]): unknown {
    entered.add(this);
    return Reflect.apply(run, this, args);
  };
  return entered;
};

shared.entered ??= remembering(new Set());
for (const context of shared.entered) context.disable();
shared.entered.clear();

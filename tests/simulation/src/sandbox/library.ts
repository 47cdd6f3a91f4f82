import type { Running } from './running.ts';
import { type Code, evaluate, type Library } from './sandbox.ts';
import { runAs, running } from './storage.ts';

type Exports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const nothing: Library = (packageName) => {
  throw new Error(`${packageName} is not bundled`);
};

/** Gives what a library exports, by package and name. */
const from =
  (exportsNow: () => Exports): Library =>
  (packageName, name) => {
    const exported = exportsNow()[packageName];
    if (exported === undefined || !(name in exported))
      throw new Error(`The library has no ${name} of ${packageName}`);
    return exported[name];
  };

const refuse = (): never => {
  throw new Error('A library that programs share may ask for no time, chance or input while it is loaded');
};

/** What a shared library has while it is loaded, when no program runs. @param asked gets the settings that it looks for */
const nobody = (asked: Set<string>): Running => ({
  ...{ nowMs: refuse, startedAt: 0, delay: refuse, write: refuse, send: refuse },
  get dice() {
    return refuse();
  },
  env: new Proxy(
    {},
    {
      get: (_, name) => void asked.add(String(name)),
      has: (_, name) => Boolean(asked.add(String(name))) && false,
    },
  ),
});

/**
 * A library that all programs share: it is evaluated once, and what V8 learns from one program makes the next ones fast.
 * It finds no settings while it is loaded: a program that has one that it has looked for cannot share it.
 */
export function sharedLibrary(code: Code): Library {
  const asked = new Set<string>();
  let exported: Exports | undefined;
  return from(() => {
    exported ??= runAs(nobody(asked), () => evaluate(code, nothing)) as Exports;
    const { env } = running();
    for (const name of asked)
      if (name in env)
        throw new Error(`${name} decides how a shared library is loaded: set it for no program`);
    return exported;
  });
}

/** A library of which every program has a copy, as on Lambda. Slow: with it a test shows that sharing changes nothing. */
export function privateLibraries(code: Code): Library {
  const copies = new WeakMap<object, Exports>();
  return from(() => {
    const program = running();
    const copy = copies.get(program) ?? (evaluate(code, nothing) as Exports);
    copies.set(program, copy);
    return copy;
  });
}

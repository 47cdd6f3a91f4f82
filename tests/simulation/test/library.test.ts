import { compile } from '../src/sandbox/bundle.ts';
import { privateLibraries, sharedLibrary } from '../src/sandbox/library.ts';
import type { Library } from '../src/sandbox/sandbox.ts';
import { loadProgram } from './run-program.ts';

const libraryOf = (text: string): string => `exports['a-package'] = { ${text} };`;
const USE = `
  const used = simulation.library('a-package', 'use');
  exports.run = (...values) => used(...values);`;

const use = (library: Library, { seed = 1, env = {}, text = USE } = {}) =>
  loadProgram(text, { seed, env, library });

const shared = (text: string): Library => sharedLibrary(compile('library', libraryOf(text)));

it('a shared library has the clock, chance and settings of the program that calls it, also later', async () => {
  const library = shared(`use: async (ms) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return [performance.now(), process.env.NAME, crypto.randomUUID()];
  }`);
  const one = use(library, { env: { NAME: 'one' } });
  const other = use(library, { seed: 2, env: { NAME: 'other' } });
  const [ofOne, ofOther] = [await one.run(10), await other.run(20)];
  expect(ofOne).toEqual([10, 'one', expect.any(String)]);
  expect(ofOther).toEqual([20, 'other', expect.any(String)]);
  expect(await use(library, { env: { NAME: 'one' } }).run(10)).toEqual(ofOne);
});

it('a shared library is evaluated once, a private one for each program', async () => {
  const counting = libraryOf('use: (() => { let n = 0; return () => ++n; })()');
  const used = async (library: Library) => [await use(library).run(), await use(library).run()];
  expect(await used(sharedLibrary(compile('library', counting)))).toEqual([1, 2]);
  expect(await used(privateLibraries(compile('library', counting)))).toEqual([1, 1]);
});

it.each([
  ['the time', 'Date.now()'],
  ['chance', 'Math.random()'],
  ['a timer', 'setTimeout(() => undefined, 1)'],
  ['the console', "console.log('hello')"],
])('a shared library that asks for %s while it is loaded fails', (_, asks) => {
  expect(() => use(shared(`use: ${asks}`))).toThrow('A library that programs share may ask for no time');
});

it('a shared library finds no settings while it is loaded, and refuses a program that has one of them', async () => {
  const library = shared(`use: ((mode) => () => mode)(process.env.MODE ?? 'none')`);
  expect(await use(library).run()).toBe('none');
  expect(() => use(library, { env: { MODE: 'fast' } })).toThrow(
    'MODE decides how a shared library is loaded: set it for no program',
  );
});

it('what a shared library sets on its global object no program sees', async () => {
  const library = shared(`use: () => { globalThis.left = 1; return typeof left; }`);
  expect(await use(library).run()).toBe('undefined');
  expect(await loadProgram('exports.run = () => typeof globalThis.left;').run()).toBe('undefined');
});

it('what a library has not got is an error that names it', () => {
  const text = "simulation.library('a-package', 'other');";
  expect(() => use(shared('use: 1'), { text })).toThrow('The library has no other of a-package');
});

it.each(['Date', 'Math', 'process', 'console', 'crypto', 'performance', 'AbortSignal'])(
  'a program cannot leave anything in %s for another one',
  async (name) => {
    const text = `'use strict'; exports.run = () => { ${name}.left = 1; };`;
    await expect(loadProgram(text).run()).rejects.toThrow('object is not extensible');
  },
);

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Transformer {
  getCacheKey(source: string, path: string, to: object): string;
  process(source: string, path: string, to: object): { readonly code: string };
}

const { createTransformer } = require('../jest/compile-once.cjs') as {
  createTransformer(options: object): Transformer;
};

const folder = mkdtempSync(join(tmpdir(), 'orderly-compile-once-'));
afterAll(() => rmSync(folder, { recursive: true }));

const options = { tsconfig: { module: 'CommonJS', moduleResolution: 'bundler' } };
const path = join(folder, 'one.ts');
const source = 'export const one: number = 1;\n';

/** What Jest hands over with a file. */
const to = (cache: string, more: object = {}) => ({
  config: { rootDir: folder, cwd: folder, cacheDirectory: join(folder, cache), globals: {}, transform: [] },
  transformerConfig: options,
  cacheFS: new Map(),
  supportsStaticESM: false,
  instrument: false,
  ...more,
});

writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({ compilerOptions: { isolatedModules: true, target: 'ES2023' }, include: [] }),
);

const compiledIn = (cache: string) => readdirSync(join(folder, cache, 'compiled'));

it('compiles a file as ts-jest does, once', () => {
  const { code } = createTransformer(options).process(source, path, to('once'));
  const [file = ''] = compiledIn('once');
  writeFileSync(join(folder, 'once/compiled', file), 'kept');

  expect(code).toContain('exports.one = 1;');
  expect(code).toContain('sourceMappingURL=');
  expect(createTransformer(options).process(source, path, to('once'))).toEqual({ code: 'kept' });
});

it('compiles again what has changed, what lies elsewhere, and with other options', () => {
  const [compile, target] = [createTransformer(options), to('again')];

  compile.process(source, path, target);
  compile.process(`${source}\n`, path, target);
  compile.process(source, join(folder, 'two.ts'), target);
  createTransformer({ ...options, diagnostics: false }).process(source, path, target);

  expect(compiledIn('again')).toHaveLength(4);
});

it('keeps nothing of a file that is wrong, and says what is wrong', () => {
  const wrong = () => createTransformer(options).process('export const = ;', path, to('wrong'));

  expect(wrong).toThrow('TS1134');
  expect(wrong).toThrow('TS1134');
});

it('tells Jest what was instrumented from what was not', () => {
  const keyOf = (more: object) => createTransformer(options).getCacheKey(source, path, to('keys', more));

  expect(keyOf({ instrument: true })).not.toBe(keyOf({ instrument: false }));
  expect(keyOf({})).toBe(keyOf({}));
});

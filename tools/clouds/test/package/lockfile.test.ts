import { type Lockfile, lockedFor } from '../../src/package/lockfile.ts';

const lockfile: Lockfile = {
  packages: {
    '': {},
    'node_modules/library': { version: '1.2.3', dependencies: { a: '^1.0.0' } },
    'node_modules/a': { version: '1.0.0', dependencies: { b: '^1.0.0' }, optionalDependencies: { c: '*' } },
    'node_modules/a/node_modules/b': { version: '1.9.0', dependencies: { d: '*' } },
    'node_modules/b': { version: '2.0.0' },
    'node_modules/c': { version: '3.0.0' },
    'node_modules/d': { version: '4.0.0', dependencies: { b: '^2.0.0' } },
    'node_modules/other': { version: '5.0.0' },
  },
};
const named = { name: 'app', version: '0.1.0' };

describe('The lockfile of a deployed package', () => {
  it('has what the library needs, and nothing else', () => {
    const { packages } = lockedFor(lockfile, 'library', named);
    const { 'node_modules/other': _, ...needed } = lockfile.packages;
    expect(Object.keys(packages).sort()).toEqual(Object.keys(needed).sort());
    expect(packages).toMatchObject({ 'node_modules/a/node_modules/b': { version: '1.9.0' } });
  });

  it('pins the library', () => {
    expect(lockedFor(lockfile, 'library', named).packages['']).toEqual({
      ...named,
      dependencies: { library: '1.2.3' },
    });
  });

  it('refuses a library that was never locked', () => {
    expect(() => lockedFor(lockfile, 'absent', named)).toThrow('The lockfile does not have absent');
  });
});

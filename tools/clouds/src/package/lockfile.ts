/** What is read of a package-lock.json, version 3: https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
}

const folder = 'node_modules/';

/** Where Node.js finds a package that the package at `from` requires: in its own node_modules, or in one further up. */
function resolve({ packages }: Lockfile, from: string, name: string): string | undefined {
  for (let parent = from; ; parent = parent.slice(0, Math.max(0, parent.lastIndexOf(`/${folder}`)))) {
    const path = parent === '' ? `${folder}${name}` : `${parent}/${folder}${name}`;
    if (packages[path] !== undefined) return path;
    if (parent === '') return undefined;
  }
}

/**
 * The part of a lockfile that one of its packages needs: what a deployed package installs, and nothing else.
 *
 * @param name and version of the package that the lockfile is for
 * @param dependency one of the lockfile's own dependencies
 * @returns the lockfile, with `dependency` in its exact version as the only dependency
 * @throws Error where the lockfile does not have it
 */
export function lockedFor(lockfile: Lockfile, dependency: string, { name, version }: Named) {
  const locked = lockfile.packages[folder + dependency];
  if (locked?.version === undefined) throw new Error(`The lockfile does not have ${dependency}`);
  const needed = new Set([folder + dependency]);
  for (const path of needed) {
    const { dependencies = {}, optionalDependencies = {} } = lockfile.packages[path] ?? {};
    for (const each of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = resolve(lockfile, path, each);
      if (found !== undefined) needed.add(found);
    }
  }
  const root = { name, version, dependencies: { [dependency]: locked.version } };
  const packages = [...needed].sort().map((path) => [path, lockfile.packages[path]]);
  return {
    ...{ name, version, lockfileVersion: 3, requires: true },
    packages: { '': root, ...Object.fromEntries(packages) },
  };
}

interface Named {
  readonly name: string;
  readonly version: string;
}

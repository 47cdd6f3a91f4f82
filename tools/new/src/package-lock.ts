/** A package of the repository, as package-lock.json records it. */
export interface Workspace {
  readonly name: string;
  /** Its folder, from the root. */
  readonly folder: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** Adds a package of the repository to package-lock.json, so that `npm ci` accepts it. Its dependencies must be there. */
export function addToLock(lock: string, { name, folder, manifest }: Workspace): string {
  const document = JSON.parse(lock) as { packages: Record<string, unknown> };
  const { version, license, dependencies, devDependencies } = manifest;
  const packages = insertSorted(document.packages, `node_modules/${name}`, { resolved: folder, link: true });
  const own = { name, version, license, dependencies, devDependencies };
  return `${JSON.stringify({ ...document, packages: insertSorted(packages, folder, own) }, undefined, 2)}\n`;
}

/** npm sorts the packages by name. */
function insertSorted(packages: Readonly<Record<string, unknown>>, key: string, value: unknown) {
  const entries = Object.entries(packages);
  const after = entries.findIndex(([other]) => other.localeCompare(key, 'en') > 0);
  return Object.fromEntries(entries.toSpliced(after === -1 ? entries.length : after, 0, [key, value]));
}

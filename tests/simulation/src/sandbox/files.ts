/** The little of `node:fs` that a command line needs, in memory: what an operator's laptop keeps. */
export function filesIn(files: Map<string, string>) {
  const missing = (path: string): never => {
    throw Object.assign(new Error(`ENOENT: no such file, '${path}'`), { code: 'ENOENT' });
  };
  const readFileSync = (path: string): string => files.get(path) ?? missing(path);
  return {
    readFileSync,
    existsSync: (path: string): boolean => files.has(path),
    mkdirSync: (): void => undefined,
    writeFileSync: (path: string, text: string): void => void files.set(path, text),
    renameSync: (from: string, to: string): void => {
      files.set(to, readFileSync(from));
      files.delete(from);
    },
    rmSync: (path: string): void => void files.delete(path),
    readdirSync: (path: string): string[] =>
      [...files.keys()]
        .filter((name) => name.startsWith(`${path}/`))
        .map((name) => name.slice(path.length + 1)),
  };
}

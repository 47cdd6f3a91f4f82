const { createHash, randomUUID } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

// What ts-jest makes of a file, for all projects of Jest and all its processes: each project would compile it again, and
// each process load the compiler, also where everything has been compiled.

const versions = ['ts-jest', 'typescript'].map((name) => require(`${name}/package.json`).version);

/** Jest's keys of its own cache, by which it finds what it has instrumented, too. */
const keyOf = (parts) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** @param path of a file @returns its text, and undefined when there is none */
function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** A transformer of Jest with the options of ts-jest, whose `isolatedModules` must be on: then a file decides alone. */
exports.createTransformer = (options) => {
  let compiler;
  let settings;
  const keyOfFile = (source, path, { config: { rootDir } }) => {
    settings ??= [versions, process.version, options, textOf(join(rootDir, 'tsconfig.json'))];
    return keyOf([settings, rootDir, path, source]);
  };

  return {
    getCacheKey: (source, path, to) => keyOf([keyOfFile(source, path, to), to.instrument]),

    process(source, path, to) {
      const folder = join(to.config.cacheDirectory, 'compiled');
      const file = join(folder, `${keyOfFile(source, path, to)}.js`);
      const known = textOf(file);
      if (known !== undefined) return { code: known };
      compiler ??= require('ts-jest').default.createTransformer(options);
      const { code } = compiler.process(source, path, to);
      mkdirSync(folder, { recursive: true });
      // Another process may write the same at this moment, and no process reads half of it.
      const written = `${file}.${randomUUID()}`;
      writeFileSync(written, code);
      renameSync(written, file);
      return { code };
    },
  };
};

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { pathFrom } from '@orderly/local/paths';
import { repositoryRoot } from '@orderly/local/ports';
import { ourOptions } from '@orderly/serverless/bundle-options.ts';
import { build, type Plugin } from 'esbuild';
import { type Code, PARAMETERS } from './sandbox.ts';

/** A place in the sources that is to be different, e.g. wrong on purpose. */
export interface Change {
  /** From the root of the repository. */
  readonly file: string;
  readonly replace: string;
  readonly by: string;
}

interface Replacement {
  readonly name: string;
  readonly filter: RegExp;
  readonly contents: string;
}

/** The one place where the SDK would open a socket. */
const handlerInProcess: Replacement = {
  name: '@smithy/node-http-handler',
  filter: /[\\/]node-http-handler[\\/]dist-es[\\/]node-http-handler\.js$/,
  contents: `
    export const DEFAULT_REQUEST_TIMEOUT = 0;
    export class NodeHttpHandler {
      metadata = { handlerProtocol: 'http/1.1' };
      static create(options) { return new NodeHttpHandler(options); }
      constructor(options) { this.options = options ?? {}; }
      destroy() {}
      handle(request, { abortSignal } = {}) { return simulation.send(request, this.options, abortSignal); }
      updateHttpClientConfig() {}
      httpHandlerConfigs() { return {}; }
    }`,
};

/** Nobody in here checks a signature, and to make one takes a fifth of the time. */
const unsigned: Replacement = {
  name: '@smithy/signature-v4',
  filter: /[\\/]signature-v4[\\/]dist-es[\\/]SignatureV4\.js$/,
  contents: 'export class SignatureV4 { async sign(request) { return request; } }',
};

/** The SDK prepares a line of a log for every call, and no function here has given it a log. */
const unlogged: Replacement = {
  name: 'the middleware that logs',
  filter: /[\\/]middleware-logger[\\/]loggerMiddleware\.js$/,
  contents: `
    export const loggerMiddleware = () => (next) => next;
    export const loggerMiddlewareOptions = { name: 'loggerMiddleware', step: 'initialize', override: true };
    export const getLoggerPlugin = () => ({ applyToStack() {} });`,
};

/** Nobody in here reads who calls with which features of the SDK. */
const unnamed: Replacement = {
  name: 'the middleware of the user agent',
  filter: /[\\/]middleware-user-agent[\\/]user-agent-middleware\.js$/,
  contents: `
    export const userAgentMiddleware = () => (next) => next;
    export const getUserAgentMiddlewareOptions = { name: 'getUserAgentMiddleware', step: 'build', override: true };
    export const getUserAgentPlugin = () => ({ applyToStack() {} });`,
};

/** The names that a module of the SDK exports. */
const exportsOf = (source: string): string =>
  [...source.matchAll(/^\s*export (?:const|class|(?:async )?function) (\w+)/gm)]
    .map(([, name]) => name)
    .sort()
    .join();

/** Bundles `contents` in place of a file of the SDK; fails when that file exports something else, or is not there. */
export const inPlaceOf = ({ name, filter, contents }: Replacement): Plugin => ({
  name: `in place of ${name}`,
  setup(bundle) {
    let replaced = 0;
    bundle.onLoad({ filter }, ({ path }) => {
      replaced++;
      const [theirs, ours] = [readFileSync(path, 'utf8'), contents].map(exportsOf);
      if (theirs === ours) return { contents };
      return { errors: [{ text: `${path} exports ${theirs}, and the simulation replaces ${ours}` }] };
    });
    bundle.onEnd(() => {
      if (replaced > 0) return {};
      return { errors: [{ text: `No file of ${name} was replaced: has the SDK moved it?` }] };
    });
  },
});

const changed = (changes: readonly Change[]): Plugin => ({
  name: 'changed on purpose',
  setup(bundle) {
    bundle.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const file = pathFrom(repositoryRoot, path);
      const here = changes.filter((change) => change.file === file);
      if (here.length === 0) return undefined;
      let contents = readFileSync(path, 'utf8');
      for (const { replace, by } of here) {
        if (contents.split(replace).length !== 2)
          return { errors: [{ text: `${file} does not hold once: ${replace}` }] };
        contents = contents.replace(replace, () => by);
      }
      return { contents, loader: 'ts' };
    });
  },
});

/**
 * Packages that are not in the bundle of each program, but in a library: they keep nothing that one program could tell
 * another by. What keeps something (uuidv7 its last id) is in the bundles.
 */
const IN_LIBRARY = /^(@aws-sdk|@smithy)\/|^valibot$/;
const FILES_OF_LIBRARY = /(^|\/)node_modules\/(@aws-sdk\/|@smithy\/|valibot\/)/;

const namesIn = (packageName: string): readonly string[] =>
  Object.keys(createRequire(__filename)(packageName)).filter((name) => name !== 'default');

/** Names what is used of packages, in place of bundling them. */
const fromLibrary: Plugin = {
  name: 'from the library',
  setup(bundle) {
    const namespace = 'library';
    bundle.onResolve({ filter: IN_LIBRARY }, ({ path }) =>
      bundle.initialOptions.external?.includes(path) ? undefined : { path, namespace },
    );
    bundle.onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: namesIn(path)
        .map(
          (name, n) =>
            `const _${n} = /* @__PURE__ */ simulation.library("${path}", "${name}"); export { _${n} as ${name} };`,
        )
        .join('\n'),
    }));
  },
};

export interface Bundled {
  readonly text: string;
  /** What it was made of, from the root of the repository. */
  readonly files: readonly string[];
  /** What it takes from the library. */
  readonly packages: readonly string[];
}

const nameOf = (path: string): string => pathFrom('/out', path).replace(/\.js$/, '');

/** As the project bundles its functions. */
function optionsWith(...plugins: readonly Plugin[]) {
  const { plugins: ofProject = [], ...options } = ourOptions();
  return {
    ...options,
    absWorkingDir: repositoryRoot,
    tsconfig: join(repositoryRoot, 'tsconfig.json'),
    outdir: '/out',
    write: false as const,
    metafile: true as const,
    logLevel: 'silent' as const,
    plugins: [...plugins, ...ofProject],
  };
}

/**
 * Bundles programs as the project bundles its functions, without the packages of the library.
 *
 * @param entries paths from the root of the repository, by the program's name
 * @returns the bundles by name
 * @throws Error when a change is not where it was, or a package of the library gets into a bundle
 */
export async function bundle(
  entries: Readonly<Record<string, string>>,
  changes: readonly Change[] = [],
): Promise<ReadonlyMap<string, Bundled>> {
  const { outputFiles, metafile } = await build({
    ...optionsWith(...(changes.length > 0 ? [changed(changes)] : []), fromLibrary),
    entryPoints: { ...entries },
  });
  const inputsOf = new Map(
    Object.entries(metafile.outputs).map(([path, { inputs }]) => [
      nameOf(join(repositoryRoot, path)),
      Object.keys(inputs),
    ]),
  );
  return new Map(
    outputFiles.map(({ path, text }) => {
      const inputs = inputsOf.get(nameOf(path)) ?? [];
      const astray = inputs.find((input) => FILES_OF_LIBRARY.test(input));
      if (astray !== undefined) throw new Error(`${astray} is bundled, and must be in the library`);
      const packages = inputs
        .filter((input) => input.startsWith(LIBRARY))
        .map((input) => input.slice(LIBRARY.length));
      return [nameOf(path), { text, packages, files: inputs.filter((input) => !input.startsWith(LIBRARY)) }];
    }),
  );
}

const LIBRARY = 'library:';

/**
 * Bundles packages, whole, with the network of the SDK replaced.
 *
 * @throws Error when a part of the SDK is not where it was
 */
export async function bundleLibrary(packages: readonly string[]): Promise<string> {
  const { outputFiles } = await build({
    ...optionsWith(...[handlerInProcess, unsigned, unlogged, unnamed].map(inPlaceOf)),
    stdin: {
      contents: packages.map((name) => `export * as "${name}" from "${name}";`).join('\n'),
      resolveDir: __dirname,
    },
  });
  return outputFiles.map(({ text }) => text).join('');
}

/** Compiles a bundle once, for as many containers as there will be. */
export const compile = (name: string, text: string): Code =>
  compileFunction(text, [...PARAMETERS], { filename: `simulated:${name}` }) as Code;

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { pathFrom } from '@orderly/local/paths';
import { repositoryRoot } from '@orderly/local/ports';
import { ourOptions } from '@orderly/serverless/bundle-options.ts';
import { build, type Plugin } from 'esbuild';
import { PARAMETERS, type Program } from './sandbox.ts';

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

export interface Bundled {
  readonly text: string;
  /** What it was made of, from the root of the repository. */
  readonly files: readonly string[];
}

const nameOf = (path: string): string => pathFrom('/out', path).replace(/\.js$/, '');

/**
 * Bundles programs as the project bundles its functions, with the SDK's network replaced.
 *
 * @param entries paths from the root of the repository, by the program's name
 * @returns the bundles by name
 * @throws Error when a change, or a part of the SDK, is not where it was
 */
export async function bundle(
  entries: Readonly<Record<string, string>>,
  changes: readonly Change[] = [],
): Promise<ReadonlyMap<string, Bundled>> {
  const { plugins = [], ...options } = ourOptions();
  const { outputFiles, metafile } = await build({
    ...options,
    absWorkingDir: repositoryRoot,
    tsconfig: join(repositoryRoot, 'tsconfig.json'),
    entryPoints: { ...entries },
    outdir: '/out',
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [
      ...(changes.length > 0 ? [changed(changes)] : []),
      inPlaceOf(handlerInProcess),
      inPlaceOf(unsigned),
      ...plugins,
    ],
  });
  const files = Object.entries(metafile.outputs).map(
    ([path, { inputs }]) => [nameOf(join(repositoryRoot, path)), Object.keys(inputs)] as const,
  );
  const filesOf = new Map(files);
  return new Map(
    outputFiles.map(({ path, text }) => [nameOf(path), { text, files: filesOf.get(nameOf(path)) ?? [] }]),
  );
}

/** Compiles a bundle once, for as many containers as there will be. */
export const compile = (name: string, text: string): Program =>
  compileFunction(text, [...PARAMETERS], { filename: `simulated:${name}` }) as Program;

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, extname, join } from 'node:path';
import { build, type OutputFile, stop } from 'esbuild';

/** A file that the console's server answers with. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  /** Whether its address changes with its content, so that browsers may keep it. */
  readonly immutable: boolean;
}

const page = join(__dirname, '..', 'page');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

const typeOf = (path: string): string => TYPES[extname(path)] ?? 'application/octet-stream';

const asset = (path: string, body: Buffer): readonly [string, PageFile] => [
  path,
  { type: typeOf(path), body, immutable: true },
];

const addressOf = (file: OutputFile): string => `/assets/${basename(file.path)}`;

const common = {
  bundle: true,
  minify: true,
  write: false,
  legalComments: 'none',
  logLevel: 'silent',
  target: 'es2022',
  outdir: join(page, 'assets'),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
} as const;

const buildStyles = async (): Promise<readonly OutputFile[]> => {
  const entryPoints = ['main', 'chart'].map((name) => join(page, 'style', `${name}.css`));
  return (await build({ ...common, entryPoints })).outputFiles;
};

/** Swagger UI comes bundled and minified: it is served as it is, and only where it is used. */
const readSwagger = async (name: string): Promise<readonly [string, PageFile]> => {
  const body = await readFile(createRequire(__filename).resolve(`swagger-ui-dist/${name}`));
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 8);
  return asset(`/assets/${basename(name, extname(name))}-${hash}${extname(name)}`, body);
};

const need = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`The page's build made no ${what}.`);
  return value;
};

/**
 * Bundles the page.
 * @returns by URL path: `/`, which holds `__TOKEN__` where the server puts its token, and what it loads
 */
export const buildPage = async (): Promise<ReadonlyMap<string, PageFile>> => {
  try {
    return await bundle();
  } finally {
    // Its process would stay, with the memory of a bundling.
    await stop();
  }
};

const bundle = async (): Promise<ReadonlyMap<string, PageFile>> => {
  const [styles, swagger, swaggerStyle] = await Promise.all([
    buildStyles(),
    readSwagger('swagger-ui-bundle.js'),
    readSwagger('swagger-ui.css'),
  ]);
  const find = (files: readonly OutputFile[], start: string): string =>
    addressOf(
      need(
        files.find(({ path }) => basename(path).startsWith(start)),
        start,
      ),
    );
  const scripts = await build({
    ...common,
    entryPoints: [join(page, 'main.ts')],
    format: 'esm',
    splitting: true,
    define: {
      STYLESHEETS: JSON.stringify({ chart: find(styles, 'chart-'), swagger: swaggerStyle[0] }),
      SWAGGER_UI: JSON.stringify(swagger[0]),
    },
  });
  const html = (await readFile(join(page, 'index.html'), 'utf8'))
    .replace('__STYLE__', find(styles, 'main-'))
    .replace('__SCRIPT__', find(scripts.outputFiles, 'main-'));
  const files = [...styles, ...scripts.outputFiles];
  return new Map<string, PageFile>([
    ['/', { type: typeOf('index.html'), body: Buffer.from(html), immutable: false }],
    ...files.map((file) => asset(addressOf(file), Buffer.from(file.contents))),
    swagger,
    swaggerStyle,
  ]);
};

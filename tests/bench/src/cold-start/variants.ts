import { join } from 'node:path';
import { ourOptions } from '@orderly/serverless/bundle-options.ts';
import type { BuildOptions } from 'esbuild';
import { compiledSchema } from '../compiled-schema.ts';
import { productSchema } from './peers/product-schema.ts';

/** One way to write and to package the job. */
export interface Variant {
  readonly name: string;
  /** The file in `peers`. */
  readonly source: string;
  readonly options: BuildOptions;
  /** Adds V8's code cache to the package. */
  readonly codeCache?: true;
}

/** What the others are compared with. */
export const reference = 'ref: bare SDK, minified, ES modules first';
export const ours = 'our toolkit';
export const bareAsOurs = 'bare SDK, bundled as our functions';
export const fullPowertools = 'Powertools, all of it';

/** As people bundle who have read how. */
const careful: BuildOptions = { bundle: true, minify: true, format: 'cjs', mainFields: ['module', 'main'] };

/** The defaults of middy's own transpiler, which compiles at run time only. */
const middyDefaults = {
  strict: true,
  coerceTypes: 'array',
  allErrors: true,
  useDefaults: 'empty',
  messages: true,
} as const;

export const variants: readonly Variant[] = [
  { name: reference, source: 'reference.ts', options: careful },
  { name: 'bare SDK, not bundled', source: 'reference.ts', options: { format: 'cjs' } },
  {
    name: "bare SDK, esbuild's defaults",
    source: 'reference.ts',
    options: { bundle: true, format: 'cjs' },
  },
  {
    name: 'middy, compiled schema',
    source: 'middy.ts',
    options: { ...careful, plugins: [compiledSchema(productSchema, middyDefaults)] },
  },
  { name: fullPowertools, source: 'powertools.ts', options: careful },
  { name: 'aws-lite', source: 'aws-lite.ts', options: careful },
  { name: bareAsOurs, source: 'reference.ts', options: ourOptions() },
  { name: ours, source: 'toolkit.ts', options: ourOptions() },
  {
    name: 'our toolkit, without our esbuild plugins',
    source: 'toolkit.ts',
    options: { ...ourOptions(), plugins: [] },
  },
  { name: 'our toolkit, with a code cache', source: 'toolkit.ts', options: ourOptions(), codeCache: true },
  { name: 'our toolkit, connecting at load', source: 'toolkit-connecting.ts', options: ourOptions() },
];

/** @returns the path of a variant's source */
export const sourceOf = ({ source }: Variant): string => join(__dirname, 'peers', source);

import { Ajv2020 } from 'ajv/dist/2020';
import standaloneCode from 'ajv/dist/standalone';
import type { Plugin } from 'esbuild';
import { productSchema } from './peers/product-schema.ts';

/** The defaults of middy's own transpiler, which compiles at run time only. https://middy.js.org/docs/middlewares/validator */
const middyDefaults = {
  strict: true,
  coerceTypes: 'array',
  allErrors: true,
  useDefaults: 'empty',
  messages: true,
} as const;

/** Compiles the schema that middy's validator takes while bundling, as its documentation advises. */
export const compiledSchema: Plugin = {
  name: 'compiled-schema',
  setup(build) {
    build.onResolve({ filter: /^compiled:/ }, ({ path }) => ({ path, namespace: 'compiled' }));
    build.onLoad({ filter: /.*/, namespace: 'compiled' }, () => {
      const ajv = new Ajv2020({ ...middyDefaults, code: { source: true } });
      return { contents: standaloneCode(ajv, ajv.compile(productSchema)), resolveDir: __dirname };
    });
  },
};

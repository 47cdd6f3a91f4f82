import { Ajv2020, type Options } from 'ajv/dist/2020';
import standaloneCode from 'ajv/dist/standalone';
import addFormats from 'ajv-formats';
import type { Plugin } from 'esbuild';

/**
 * Compiles a schema while bundling, as the documentation of middy's validator advises: what is imported as `compiled:...`.
 * https://middy.js.org/docs/middlewares/validator
 */
export const compiledSchema = (schema: object, options: Options): Plugin => ({
  name: 'compiled-schema',
  setup(build) {
    build.onResolve({ filter: /^compiled:/ }, ({ path }) => ({ path, namespace: 'compiled' }));
    build.onLoad({ filter: /.*/, namespace: 'compiled' }, () => {
      const ajv = new Ajv2020({ ...options, code: { source: true } });
      addFormats(ajv);
      ajv.addKeyword('x-personal');
      return { contents: standaloneCode(ajv, ajv.compile(schema)), resolveDir: __dirname };
    });
  },
});

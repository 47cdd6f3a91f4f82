import { build } from 'esbuild';
import { bundle, bundleLibrary, inPlaceOf } from '../src/sandbox/bundle.ts';

const buildWith = (filter: RegExp, contents: string): Promise<unknown> =>
  build({
    stdin: {
      contents: "export { NodeHttpHandler } from '@smithy/node-http-handler';",
      resolveDir: __dirname,
    },
    ...{ bundle: true, write: false, platform: 'node', mainFields: ['module', 'main'], logLevel: 'silent' },
    plugins: [inPlaceOf({ name: 'the HTTP handler', filter, contents })],
  });

const WHERE_IT_IS = /node-http-handler[\\/]dist-es[\\/]node-http-handler\.js$/;

const ENTRY = { 'orders/get-order': 'services/orders/src/functions/get-order.ts' };

it('the SDK is bundled without its network', async () => {
  const text = await bundleLibrary(['@aws-sdk/client-dynamodb']);
  expect(text).toContain('simulation.send(');
  expect(text).not.toMatch(/require\("(node:)?https"\)/);
});

it('a function is bundled without the SDK, and says what it takes from it', async () => {
  const { text = '', files = [], packages = [] } = (await bundle(ENTRY)).get('orders/get-order') ?? {};
  expect(text).toContain('simulation.library("@aws-sdk/client-dynamodb","GetItemCommand")');
  expect(text).not.toContain('TransactWriteItemsCommand');
  expect(files).toContain('services/orders/src/functions/get-order.ts');
  expect(files.filter((file) => file.includes('@aws-sdk'))).toEqual([]);
  expect(packages).toEqual(expect.arrayContaining(['@aws-sdk/client-dynamodb', 'valibot']));
});

it('an SDK that has moved what is replaced fails the bundle', async () => {
  await expect(buildWith(/where-it-was\.js$/, '')).rejects.toThrow(
    'No file of the HTTP handler was replaced: has the SDK moved it?',
  );
});

it('an SDK that exports something else from what is replaced fails the bundle', async () => {
  await expect(buildWith(WHERE_IT_IS, 'export class NodeHttpHandler {}')).rejects.toThrow(
    /exports DEFAULT_REQUEST_TIMEOUT,NodeHttpHandler, and the simulation replaces NodeHttpHandler/,
  );
});

it('a change of a place that is not there fails the bundle', async () => {
  const file = 'services/orders/src/functions/get-order.ts';
  await expect(bundle({ fn: file }, [{ file, replace: 'not in there', by: '' }])).rejects.toThrow(
    `${file} does not hold once: not in there`,
  );
});

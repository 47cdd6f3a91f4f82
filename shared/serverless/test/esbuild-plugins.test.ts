import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build, type Plugin, type PluginBuild } from 'esbuild';
import { ourOptions } from '../bundle-options.ts';

// The plugins replace files of the AWS SDK by name: a new version of the SDK must not make them miss in silence.

const options = ourOptions();

/** The plugin, which also notes that it has replaced something. */
const noting = (plugin: Plugin, used: Set<string>): Plugin => ({
  name: plugin.name,
  setup: ({ onLoad, ...others }) =>
    plugin.setup({
      ...others,
      onLoad: (filter, load) =>
        onLoad(filter, (file) => {
          used.add(plugin.name);
          return load(file);
        }),
    } as PluginBuild),
});

it('every plugin still finds its file in the bundle of a function', async () => {
  const used = new Set<string>();
  const { plugins = [] } = options;

  await build({
    ...options,
    entryPoints: [resolve(__dirname, '../../../services/orders/src/functions/place-order.ts')],
    plugins: plugins.map((plugin) => noting(plugin, used)),
    write: false,
  });

  expect([...used].sort()).toEqual(plugins.map(({ name }) => name).sort());
});

it('a file that exports something else than before fails the bundle', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-sdk-'));
  const changed = join(folder, 'util-stream/stream-type-check.js');
  mkdirSync(dirname(changed));
  writeFileSync(
    changed,
    'export const isReadableStream = () => false;\nexport const isPipe = () => false;\n',
  );

  const bundle = build({ ...options, entryPoints: [changed], write: false, logLevel: 'silent' });

  await expect(bundle).rejects.toThrow(
    `${changed} exports isPipe,isReadableStream, and "node-streams-first" expects isBlob,isReadableStream`,
  );
  rmSync(folder, { recursive: true });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ourOptions } from '@orderly/serverless/bundle-options.ts';
import { build } from 'esbuild';

// shared/serverless/plugin/esbuild-plugins.cjs names files of the SDK; a new version of it may have others.

const folder = mkdtempSync(join(tmpdir(), 'orderly-bundles-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Bundles a program as functions are. @returns its path, and the names of the files in it */
async function bundled(name: string, contents: string) {
  const outfile = join(folder, `${name}.cjs`);
  const stdin = { contents, resolveDir: resolve(__dirname, '..') };
  const { metafile } = await build({ ...ourOptions(), stdin, outfile, metafile: true });
  const [output] = Object.values(metafile.outputs);
  const inBundle = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return { outfile, files: inBundle.map(([path]) => path.slice(path.lastIndexOf('/') + 1)) };
}

it('bundles nothing of a client that only other places than Lambda reach', async () => {
  const { files } = await bundled(
    'client',
    `import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
    exports.get = (input) => new DynamoDBClient({}).send(new GetItemCommand(input));`,
  );

  expect(files).toEqual(expect.arrayContaining(['DynamoDBClient.js', 'Sha256Node.js', 'configLoader.js']));
  const elsewhere = ['loadSharedConfigFiles.js', 'parseIni.js', 'Sha256Js.js', 'fromIni.js', 'fromSSO.js'];
  expect(files.filter((file) => elsewhere.includes(file))).toEqual([]);
});

it('a stream of Node.js is recognised without what is behind web streams, and so are web streams and blobs', async () => {
  const { outfile } = await bundled(
    'streams',
    `import { Readable } from 'node:stream';
    import { isBlob, isReadableStream } from '@smithy/core/serde';
    const loaded = () => process.moduleLoadList.some((name) => name.endsWith('internal/webstreams/readablestream'));
    const kinds = (value) => [isReadableStream(value), isBlob(value)];
    const node = [kinds(Readable.from([])), loaded()];
    const web = [kinds(new ReadableStream()), loaded()];
    console.log(JSON.stringify({ node, web, blob: kinds(new Blob([])), file: kinds(new File([], 'a')), text: kinds('a') }));`,
  );

  expect(JSON.parse(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }))).toEqual({
    node: [[false, false], false],
    web: [[true, false], true],
    blob: [false, true],
    file: [false, true],
    text: [false, false],
  });
});

it('neither a client nor the id of an event loads Web Crypto', async () => {
  const toolkit = resolve(__dirname, '../../../shared/functions/src');
  const { outfile } = await bundled(
    'uuids',
    `import { generateIdempotencyToken } from '@smithy/core/serde';
    import { newEventId } from ${JSON.stringify(join(toolkit, 'messaging/event-id.ts'))};
    const loaded = () => process.moduleLoadList.some((name) => name.endsWith('internal/crypto/webcrypto'));
    const ids = [generateIdempotencyToken(), newEventId()];
    const before = loaded();
    crypto.randomUUID();
    console.log(JSON.stringify({ ids, loaded: [before, loaded()] }));`,
  );

  const uuid = (version: number) => expect.stringMatching(new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}`));
  expect(JSON.parse(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }))).toEqual({
    ids: [uuid(4), uuid(7)],
    loaded: [false, true],
  });
});

it('bundles only the schemas of the contracts that a function names', async () => {
  const { files } = await bundled(
    'schemas',
    `import { Price } from '@orderly/contracts';
    exports.price = Price;`,
  );

  expect(files).toEqual(expect.arrayContaining(['money.ts', 'limits.ts']));
  expect(files.filter((file) => /^(values|currency|.*-events)\.ts$/.test(file))).toEqual([]);
});

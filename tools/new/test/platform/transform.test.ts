import type { Source } from '../../src/platform/sources.ts';
import { platformFiles } from '../../src/platform/transform.ts';

const source = (path: string, content: string | Buffer = '', executable = false): Source => ({
  path,
  content: Buffer.from(content),
  executable,
});

/** The new platform's files by path, as text. */
const made = (...sources: readonly Source[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    platformFiles(sources, 'qorvex').map(({ path, content }) => [path, content.toString('utf8')]),
  );

it('a new platform has the new name in its files and in their paths, and its programs stay executable', () => {
  const bin = source('tools/cli/bin/orderly.cjs', "require('@orderly/x')", true);

  expect(platformFiles([bin], 'qorvex')).toEqual([
    { path: 'tools/cli/bin/qorvex.cjs', content: Buffer.from("require('@qorvex/x')"), executable: true },
  ]);
});

it('the licence keeps its notice, and a picture its bytes', () => {
  const picture = Buffer.from([0x89, 0x50, 0, 0xff, ...Buffer.from('orderly')]);
  const notice = 'Copyright (c) 2026 The Orderly authors';

  expect(platformFiles([source('LICENSE', notice), source('docs/a.png', picture)], 'qorvex')).toEqual([
    source('LICENSE', notice),
    source('docs/a.png', picture),
  ]);
});

it('the tests of data that only its makers have stay behind', () => {
  const there = ['tools/demo/test/real-data.test.ts', 'tests/e2e/real-data.local.e2e.ts', 'tests/e2e/api.ts'];

  expect(Object.keys(made(...there.map((path) => source(path))))).toEqual(['tests/e2e/api.ts']);
});

it('released contracts begin again at revision 1 with their newest one', () => {
  const folder = 'shared/contracts/released/order-events';
  const sources = ['1', '2', '10'].flatMap((revision) => [
    source(`${folder}/orderly.order.placed.v1/${revision}/schema.json`, `"${revision}"`),
    source(`${folder}/orderly.order.placed.v1/${revision}/example.json`, `"${revision}"`),
  ]);
  const other = source(`${folder}/orderly.order.placed.v2/1/schema.json`, '"other"');

  expect(made(...sources, other)).toEqual({
    [`${folder}/qorvex.order.placed.v1/1/schema.json`]: '"10"',
    [`${folder}/qorvex.order.placed.v1/1/example.json`]: '"10"',
    [`${folder}/qorvex.order.placed.v2/1/schema.json`]: '"other"',
  });
});

it('the changelog begins again with the version that is there', () => {
  const text = '# Changelog of @orderly/contracts\n\n## 1.2.0\n\n- new\n\n## 1.1.0\n\n- old\n';

  expect(made(source('shared/contracts/CHANGELOG.md', text))).toEqual({
    'shared/contracts/CHANGELOG.md':
      '# Changelog of @qorvex/contracts\n\n## 1.2.0\n\nThe version that this platform begins with.\n',
  });
});

it.each([
  ['a.\n\n<!-- upstream -->\n\nb\n\nc\n\n<!-- /upstream -->\n\nd', 'a.\n\nd'],
  ['a.<!-- upstream --> b.<!-- /upstream --> c.<!-- upstream --> d.<!-- /upstream -->', 'a. c.'],
])('a document loses the passages that are of this repository only: %j', (before, after) => {
  expect(made(source('docs/a.md', before))).toEqual({ 'docs/a.md': after });
});

it('a code file has no such passages', () => {
  const text = 'const mark = `<!-- upstream -->x<!-- /upstream -->`;';

  expect(made(source('a.ts', text))).toEqual({ 'a.ts': text });
});

it("the packages of manifests and of the lockfile are in npm's order under their new names", () => {
  const manifest = { name: 'orderly', dependencies: { '@aws-sdk/a': '1', '@orderly/z': '*', '@zzz/a': '1' } };
  const lock = {
    name: 'orderly',
    packages: {
      '': manifest,
      'node_modules/@orderly/z': { resolved: 'z', link: true },
      'node_modules/@parcel/a': {},
      'node_modules/@redocly/a': { dependencies: { b: '1', a: '1' } },
    },
  };
  const files = made(
    source('package.json', JSON.stringify(manifest)),
    source('package-lock.json', JSON.stringify(lock)),
  );
  const renamed = { name: 'qorvex', dependencies: { '@aws-sdk/a': '1', '@qorvex/z': '*', '@zzz/a': '1' } };

  expect(files['package.json']).toBe(`${JSON.stringify(renamed, undefined, 2)}\n`);
  expect(files['package-lock.json']).toBe(
    `${JSON.stringify(
      {
        name: 'qorvex',
        packages: {
          '': renamed,
          'node_modules/@parcel/a': {},
          'node_modules/@qorvex/z': { resolved: 'z', link: true },
          'node_modules/@redocly/a': { dependencies: { a: '1', b: '1' } },
        },
      },
      undefined,
      2,
    )}\n`,
  );
});

it.each(['tests/a.ts', 'services/a/serverless.yml', 'package-lock.json'])(
  'a name that %s uses already is refused',
  (path) => {
    const sources = [source('docs/a.md', 'qorvex'), source(path, '{ "a": "@qorvex/b" }')];

    expect(() => platformFiles(sources, 'qorvex')).toThrow(`has a meaning already, in ${path}`);
  },
);

it('prose may mention the name', () => {
  expect(made(source('docs/a.md', 'Orderly or qorvex'))).toEqual({ 'docs/a.md': 'Qorvex or qorvex' });
});

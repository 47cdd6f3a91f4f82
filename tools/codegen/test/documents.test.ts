import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as contracts from '@orderly/contracts';
import { services } from '@orderly/local/services';
import { parse } from 'yaml';
import { onlyRefuses, readRoutes, readServices, root } from '../documents/platform.ts';

// Checks the claims of the documents that a machine can check.

const platform = readServices();
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const pathsIn = (folder: string) => readdirSync(join(root, folder)).map((name) => join(folder, name));
const documents = [
  ...['.', 'docs', 'docs/decisions', 'docs/reference', 'docs/runbooks'].flatMap(pathsIn),
  ...['services', 'shared', 'tools', 'tests', 'examples'].flatMap((folder) =>
    pathsIn(folder).map((project) => join(project, 'README.md')),
  ),
].filter((path) => path.endsWith('.md') && existsSync(join(root, path)));

/** The cells of a document's table rows, by their first cell without backticks. */
function rows(document: string): ReadonlyMap<string, readonly string[]> {
  const lines = read(document)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  const cells = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
  return new Map(cells.map(([first = '', ...rest]) => [first, rest]));
}

describe.each(documents)('%s', (document) => {
  it('links only to existing files', () => {
    const links = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);

    expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  });

  it('names only existing npm scripts', () => {
    const commands = [
      ...read(document).matchAll(/npm run (?:--silent )?([a-z][a-z0-9:-]*)(?: --workspace ([\w/]+))?/g),
    ];
    const scripts = (workspace = '.'): object => JSON.parse(read(join(workspace, 'package.json'))).scripts;

    const missing = commands.filter(([, script = '', workspace]) => !(script in scripts(workspace)));
    expect(missing.map(([command]) => command)).toEqual([]);
  });
});

it('SECURITY.md names only existing tests', () => {
  const named = [...read('SECURITY.md').matchAll(/[\w-]+(?:\/[\w-]+)*\/test\/[\w.-]+\.ts/g)].map(
    ([path]) => path,
  );

  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(named.length).toBeGreaterThan(10);
});

it('docs/glossary.md names only existing files', () => {
  const named = [...read('docs/glossary.md').matchAll(/`((?:services|shared|tools|tests)\/[\w/.-]+)`/g)];

  expect(named.filter(([, path = '']) => !existsSync(join(root, path)))).toEqual([]);
  expect(named.length).toBeGreaterThan(15);
});

/** Code in a document, with the file that it names as its source. */
const snippets = documents.flatMap((document) =>
  [...read(document).matchAll(/<!-- from (\S+) -->\n\n```\w+\n([\s\S]*?)```/g)].map(
    ([, file = '', code = '']) => ({ document, file, code }),
  ),
);

it('the documents have snippets to check', () => expect(snippets.length).toBeGreaterThan(4));

it.each(snippets)('$document shows $file unchanged', ({ file, code }) => {
  expect(read(file)).toContain(code);
});

it.each([
  'docs/calling.md',
  'docs/subscribing.md',
  'docs/webhooks.md',
  'shared/client/README.md',
  'shared/contracts/README.md',
  'shared/functions/README.md',
])('%s has only TypeScript and YAML from files', (document) => {
  const blocks = read(document).match(/^```(ts|yaml)$/gm) ?? [];

  expect(blocks).toHaveLength(snippets.filter((snippet) => snippet.document === document).length);
});

describe.each(services)('services/%s/README.md', (service) => {
  const table = rows(`services/${service}/README.md`);

  it('lists every route with its function and its scopes', () => {
    const listed = [...table]
      .filter(([first]) => /^[A-Z]+ \//.test(first))
      .map(([route, [name, scopes]]) => [route, name, scopes]);
    const declared = readRoutes(service)
      .filter((route) => !onlyRefuses(route))
      .map(({ route, name, scopes }) => [route, name, scopes.join(', ')]);

    expect(listed.sort()).toEqual(declared.sort());
  });

  it('names the events of its topic and of its subscription', () => {
    const { topic, subscription } = platform.find(({ name }) => name === service) ?? {};
    const published = Object.values(contracts)
      .filter((value) => typeof value === 'object' && 'topic' in value && value.topic === topic)
      .map((definition) => (definition as contracts.EventDefinition).name);

    const [topicListed, events] = table.get('publishes') ?? [];
    expect([topicListed, events?.split(' ').sort()]).toEqual([topic, topic && published.sort()]);
    expect(table.get('subscribes')).toEqual(
      subscription && [subscription.topic, subscription.events.join(' ')],
    );
  });
});

it('docs/deploying.md lists the settings in which prod is stricter', () => {
  const stages = parse(read('shared/serverless/stages.yml'));
  const rows = [...read('docs/deploying.md').matchAll(/^\| `(\w+)` +\| (\S+) +\| (\S+) +\|$/gm)];

  expect(rows.map(([, ...row]) => row)).toEqual(
    Object.entries(stages.prod).map(([name, value]) => [name, String(stages.default[name]), String(value)]),
  );
});

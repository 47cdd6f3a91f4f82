import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as contracts from '@orderly/contracts';
import { parse } from 'yaml';
import { onlyRefuses, readRoutes } from '../documents/platform.ts';

// Documents are true where a machine can check it.

const root = resolve(__dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const services = ['orders', 'inventory', 'notifications'];
const runbooks = readdirSync(join(root, 'docs/runbooks'));
const documents = [
  'README.md',
  'SECURITY.md',
  'docs/architecture.md',
  'docs/calling.md',
  'docs/cost.md',
  'docs/deploying.md',
  'docs/glossary.md',
  'docs/reference/events.md',
  'docs/limits.md',
  'docs/observing.md',
  'docs/performance.md',
  'docs/personal-data.md',
  'docs/scaling.md',
  'docs/subscribing.md',
  ...runbooks.map((name) => `docs/runbooks/${name}`),
  'docs/decisions/0001-tools.md',
  'docs/decisions/0002-bundles.md',
  'docs/decisions/0003-contracts.md',
  'docs/decisions/0004-hot-skus.md',
  'docs/decisions/0005-stuck-orders.md',
  'docs/decisions/0006-cost.md',
  'docs/decisions/0007-releases.md',
  'docs/decisions/0008-cold-start.md',
  'docs/decisions/0009-embedded-aws.md',
  ...services.map((service) => `services/${service}/README.md`),
  ...['client', 'contracts', 'functions', 'serverless'].map((name) => `shared/${name}/README.md`),
  ...['cli', 'demo', 'local', 'release'].map((name) => `tools/${name}/README.md`),
  ...['bench', 'e2e', 'faults', 'fuzz'].map((name) => `tests/${name}/README.md`),
  ...['loyalty-lambda', 'warehouse-poller'].map((name) => `examples/${name}/README.md`),
];

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

interface ServiceYaml {
  readonly custom: {
    readonly topic: string;
    readonly subscription: { readonly topic: string; readonly events: string };
  };
}

const yamlOf = (service: string): ServiceYaml =>
  parse(read(`services/${service}/serverless.yml`), { logLevel: 'silent' }) as ServiceYaml;

describe.each(documents)('%s', (document) => {
  it('links only to what is there', () => {
    const links = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);

    expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const commands = [
      ...read(document).matchAll(/npm run (?:--silent )?([a-z][a-z0-9:-]*)(?: --workspace ([\w/]+))?/g),
    ];
    const scripts = (workspace = '.'): object => JSON.parse(read(join(workspace, 'package.json'))).scripts;

    const missing = commands.filter(([, script = '', workspace]) => !(script in scripts(workspace)));
    expect(missing.map(([command]) => command)).toEqual([]);
  });
});

it('SECURITY.md names only tests that there are', () => {
  const named = [...read('SECURITY.md').matchAll(/[\w-]+(?:\/[\w-]+)*\/test\/[\w.-]+\.ts/g)].map(
    ([path]) => path,
  );

  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(named.length).toBeGreaterThan(10);
});

/** Code in a document with the file that it is said to be from. */
const snippets = documents.flatMap((document) =>
  [...read(document).matchAll(/<!-- from (\S+) -->\n\n```\w+\n([\s\S]*?)```/g)].map(
    ([, file = '', code = '']) => ({ document, file, code }),
  ),
);

it('has snippets to check', () => expect(snippets.length).toBeGreaterThan(4));

it.each(snippets)('$document shows $file as it is', ({ file, code }) => {
  expect(read(file)).toContain(code);
});

it.each(['docs/calling.md', 'docs/subscribing.md', 'shared/client/README.md', 'shared/contracts/README.md'])(
  '%s has no TypeScript or YAML that is not from a file',
  (document) => {
    const blocks = read(document).match(/^```(ts|yaml)$/gm) ?? [];

    expect(blocks).toHaveLength(snippets.filter((snippet) => snippet.document === document).length);
  },
);

describe.each(services)('services/%s/README.md', (service) => {
  const table = rows(`services/${service}/README.md`);

  it('lists every route with its function and the scopes that it takes', () => {
    const listed = [...table]
      .filter(([first]) => /^[A-Z]+ \//.test(first))
      .map(([route, [name, scopes]]) => [route, name, scopes]);
    const declared = readRoutes(service)
      .filter((route) => !onlyRefuses(route))
      .map(({ route, name, scopes }) => [route, name, scopes.join(', ')]);

    expect(listed.sort()).toEqual(declared.sort());
  });

  it('names the events of its topic and of its subscription', () => {
    const { topic, subscription } = yamlOf(service).custom;
    const published = Object.values(contracts)
      .filter((value) => typeof value === 'object' && 'topic' in value && value.topic === topic)
      .map((definition) => (definition as contracts.EventDefinition).name);

    const [publishes, subscribes] = [table.get('publishes') ?? [], table.get('subscribes') ?? []];
    expect([publishes[0], publishes[1]?.split(' ').sort()]).toEqual([topic, published.sort()]);
    expect(subscribes).toEqual([subscription.topic, subscription.events]);
  });
});

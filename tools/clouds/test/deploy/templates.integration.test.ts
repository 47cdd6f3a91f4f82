import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repositoryRoot } from '@orderly/local/services';
import { installed } from '../../src/install.ts';
import { type DeployedService, deployedService } from '../../src/package/deployed-service.ts';
import { forGoogle } from '../../src/package/google-parameters.ts';
import { servicePlans } from '../../src/service-plan.ts';

// No compiler of Bicep and no provider of Terraform is on npm. Parsers are: they find what is no Bicep and no HCL, and these
// tests find names that nothing declares.

const folder = join(repositoryRoot, 'tools/clouds/deploy');

interface BicepNode {
  readonly type: string;
  readonly text: string;
  readonly isMissing: boolean;
  readonly startPosition: { readonly row: number };
  readonly children: readonly BicepNode[];
  readonly parent: BicepNode | null;
  readonly id: number;
  readonly namedChildren: readonly BicepNode[];
}

/** @returns the root of each syntax tree */
async function bicepParser(): Promise<(source: string) => BicepNode> {
  const require = await installed('parsers');
  const { Parser, Language } = require('web-tree-sitter');
  await Parser.init();
  const parser = new Parser();
  const grammar = readFileSync(require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm'));
  parser.setLanguage(await Language.load(grammar));
  return (source) => parser.parse(source).rootNode;
}

/** A body of HCL as JSON: blocks are lists, by type and name. */
type Hcl = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

let parseBicep: (source: string) => BicepNode;
let parseHcl: (name: string, source: string) => Promise<Hcl>;
let services: readonly DeployedService[];

beforeAll(async () => {
  parseBicep = await bicepParser();
  ({ parse: parseHcl } = (await installed('parsers'))('@cdktf/hcl2json'));
  services = await Promise.all((await servicePlans()).map(deployedService));
});

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const filesIn = (path: string, ending: string): readonly string[] =>
  readdirSync(join(folder, path))
    .filter((name) => name.endsWith(ending))
    .map((name) => `${path}/${name}`);

/** Whether a node is the name of a declaration, a variable of a loop, or a parameter of a lambda. */
const declares = ({ id, type, parent }: BicepNode): boolean =>
  /^loop_(variable|enumerator)$/.test(type) ||
  (/_declaration$|^(lambda_expression|for_statement)$/.test(parent?.type ?? '') &&
    parent?.namedChildren[0]?.id === id);

/** Whether an identifier is the key of a property, or the name of a function. */
const names = ({ id, parent }: BicepNode): boolean =>
  /^(object_property|call_expression)$/.test(parent?.type ?? '') && parent?.namedChildren[0]?.id === id;

const nodes = (node: BicepNode): readonly BicepNode[] => [node, ...node.children.flatMap(nodes)];
const namesIn = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name = '']) => name)),
];

describe('The templates for Azure', () => {
  it.each(filesIn('azure', '.bicep'))('are Bicep: %s', (path) => {
    const wrong = nodes(parseBicep(read(path))).filter(
      ({ type, isMissing }) => type === 'ERROR' || isMissing,
    );
    expect(wrong.map(({ startPosition, text }) => `line ${startPosition.row + 1}: ${text}`)).toEqual([]);
  });

  it.each(filesIn('azure', '.bicep'))('declare what they refer to: %s', (path) => {
    const all = nodes(parseBicep(read(path)));
    const declared = new Set(all.filter(declares).map(({ text }) => text));
    const used = all.filter((each) => each.type === 'identifier' && !declares(each) && !names(each));
    expect(used.length).toBeGreaterThan(20);
    expect(used.map(({ text }) => text).filter((name) => !declared.has(name))).toEqual([]);
  });

  it('give the template of a service each of its parameters', () => {
    const parameters = namesIn(read('azure/service.bicep'), /^param (\w+)/gm);
    const [call = ''] = /module apps[\s\S]*?\n\]/.exec(read('azure/main.bicep')) ?? [];
    const [given = ''] = /params: \{[\s\S]*?\n {4}\}/.exec(call) ?? [];
    expect([...namesIn(given, /^ {6}(\w+):/gm)].sort()).toEqual([...parameters].sort());
  });

  it('read of a service what its parameters have', () => {
    const known = Object.keys(services[0] ?? {});
    const text = (read('azure/main.bicep') + read('azure/service.bicep')).replace("'service.bicep'", '');
    const used = namesIn(text, /\bservice\.(\w+)/g);
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('name no service', () => {
    const text = filesIn('azure', '.bicep').map(read).join('');
    expect(services.map(({ name }) => name).filter((name) => text.includes(name))).toEqual([]);
  });
});

describe.each(['google', 'google/service'])('The templates for Google in %s', (path) => {
  const text = () => filesIn(path, '.tf').map(read).join('\n');

  /** What the files of the folder declare, as `google_sql_user.functions`, `local.urls`, `var.stage`. */
  async function declared(): Promise<ReadonlySet<string>> {
    const names: string[] = [];
    for (const file of filesIn(path, '.tf')) {
      const { resource = {}, data = {}, variable = {}, locals = [] } = await parseHcl(file, read(file));
      for (const [type, byName] of [...Object.entries(resource), ...Object.entries(data)])
        names.push(...Object.keys(byName as object).map((name) => `${type}.${name}`));
      names.push(...Object.keys(variable).map((name) => `var.${name}`));
      for (const each of locals as readonly object[])
        names.push(...Object.keys(each).map((name) => `local.${name}`));
    }
    return new Set(names);
  }

  it('declare what they refer to', async () => {
    const all = await declared();
    const code = text().replaceAll(/#.*$/gm, '');
    const used = namesIn(code, /((?:\bgoogle_\w+|\blocal|\bvar|\barchive_file)\.\w+)/g);
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((name) => !all.has(name))).toEqual([]);
  });

  it('read of a service what its parameters have', () => {
    const known = services.map(forGoogle).flatMap((service) => Object.keys(service));
    const used = namesIn(text(), /\bvar\.service\.(\w+)/g);
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('name no service', () => {
    const code = text().replaceAll(/#.*$/gm, '');
    const found = services.map(({ name }) => name).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    expect(found).toEqual([]);
  });
});

describe('The alarms', () => {
  it.each(['azure/main.bicep', 'google/main.tf'])('of %s find what is logged of a parked event', (path) => {
    const publish = readFileSync(join(repositoryRoot, 'shared/functions/src/postgres/publish.ts'), 'utf8');
    const [, message] = /log\.error\('([^']+)'/.exec(publish) ?? [];
    expect(message).toBe('An event was refused and parked');
    expect(read(path)).toContain(message);
  });
});

describe('The variable services of the templates for Google', () => {
  it('has the parameters that npm run package:cloud writes', async () => {
    const { variable } = await parseHcl('variables.tf', read('google/variables.tf'));
    const type = JSON.stringify((variable as Record<string, unknown>).services);
    for (const service of services.map(forGoogle)) {
      for (const list of [
        'functions',
        'routes',
        'subscriptions',
        'queues',
        'schedules',
        'secrets',
      ] as const) {
        for (const name of service[list].flatMap((each) => Object.keys(each)))
          expect({ name, known: type.includes(name) }).toEqual({ name, known: true });
      }
    }
  });

  it('gives the module of a service each of its variables', async () => {
    const { variable = {} } = await parseHcl('variables.tf', read('google/service/variables.tf'));
    const { module = {} } = await parseHcl('main.tf', read('google/main.tf'));
    const [call = {}] = module.services as unknown as readonly object[];
    const given = Object.keys(call).filter((name) => !['source', 'for_each', 'depends_on'].includes(name));
    expect(given.sort()).toEqual(Object.keys(variable).sort());
  });
});

describe('The folder of the templates', () => {
  it('holds templates only', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
    expect(files.filter((name) => !/\.(bicep|tf)$/.test(name))).toEqual([]);
  });
});

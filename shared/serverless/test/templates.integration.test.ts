import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { packageServices, type ServicePackage, services } from '@orderly/local/packages';
import { readRoutes } from '../../../tools/codegen/documents/platform.ts';
import { type Breakage, breakages, property, resource, stream } from './breakages.ts';
import { type RuleName, rules } from './rules/index.ts';
import { list, ofType, type Stack } from './rules/rule.ts';
import { wildcardGrants, wildcards } from './rules/wildcards.ts';
import { specificationFindings } from './specification.ts';

const specification = loadAwsServiceSpecSync();
const ruleNames = Object.keys(rules) as RuleName[];

let packages: readonly ServicePackage[] = [];

beforeAll(async () => {
  packages = await packageServices(['dev', 'prod']);
  // Six times `sls package`, on a machine that is busy with other tests.
}, 600_000);

const found = (check: (stack: Stack) => readonly string[]): string[] =>
  packages.flatMap((stack) => check(stack).map((text) => `${stack.service} ${stack.stage}: ${text}`));

it('packages every service for dev and prod', () => {
  expect(packages.map(({ service, stage }) => `${service} ${stage}`).sort()).toEqual([
    'inventory dev',
    'inventory prod',
    'notifications dev',
    'notifications prod',
    'orders dev',
    'orders prod',
  ]);
});

it("has templates as AWS's resource specification wants them", () => {
  expect(found(({ template }) => specificationFindings(specification, template))).toEqual([]);
});

it.each(ruleNames)('%s', (name) => {
  expect(found(rules[name])).toEqual([]);
});

it.each(services)('%s asks for the scopes that serverless.yml declares, and dev for none', (service) => {
  const scopesIn = (stage: string) =>
    packages
      .filter((stack) => stack.service === service && stack.stage === stage)
      .flatMap(({ template }) => ofType(template, 'AWS::ApiGatewayV2::Route'))
      .map(([, { RouteKey, AuthorizationScopes }]) => [RouteKey, list(AuthorizationScopes)]);
  const declared = readRoutes(service).map(({ route, scopes }) => [route, scopes]);

  expect(scopesIn('prod').sort()).toEqual(declared.sort());
  expect(scopesIn('dev').sort()).toEqual(declared.map(([route]) => [route, []]).sort());
});

it('lists no wildcard that no policy needs', () => {
  const used = packages.flatMap(({ template }) => wildcardGrants(template).map(({ listed }) => listed));

  expect(wildcards.filter((one) => !used.includes(one))).toEqual([]);
});

/** Sets what is at a path, or deletes it, in a copy of the stack of orders in prod. */
const broken = (path: string, value: unknown): Stack => {
  const original = packages.find(({ service, stage }) => service === 'orders' && stage === 'prod');
  const stack = structuredClone(original) as Stack;
  const keys = path.split('/');
  const last = keys.pop() ?? '';
  const owner = keys.reduce<unknown>((inner, key) => Object(inner)[key], stack);
  if (typeof owner !== 'object' || owner === null) throw new Error(`The template has nothing at ${path}`);
  if (value === undefined) Reflect.deleteProperty(owner, last);
  else Reflect.set(owner, last, value);
  return stack;
};

describe.each(ruleNames)('fails: %s', (name) => {
  it.each(breakages[name])('%s', (_what, path, value, finding) => {
    expect(rules[name](broken(path, value))).toContain(finding);
  });
});

describe("finds what AWS's resource specification does not allow", () => {
  it.each<Breakage>([
    [
      'an unknown type',
      resource('Table', 'Type'),
      'AWS::DynamoDB::Tabel',
      'Table: there is no AWS::DynamoDB::Tabel',
    ],
    ['an unknown property', property('Table', 'TableNames'), 'x', 'Table: TableNames is not known'],
    [
      'an unknown property within',
      property('Table', 'SSESpecification/Enabled'),
      true,
      'Table.SSESpecification: Enabled is not known',
    ],
    ['a missing property', property('Table', 'KeySchema'), undefined, 'Table: KeySchema is missing'],
    [
      'a missing property within',
      property('Table', 'AttributeDefinitions/0/AttributeType'),
      undefined,
      'Table.AttributeDefinitions[0]: AttributeType is missing',
    ],
    [
      'a tag without a value',
      property('Subscription', 'Tags/0/Value'),
      undefined,
      'Subscription.Tags[0]: Value is missing',
    ],
    [
      'no number',
      property('Subscription', 'VisibilityTimeout'),
      '90s',
      'Subscription.VisibilityTimeout: 90s is no integer',
    ],
    [
      'no boolean',
      property('Subscription', 'FifoQueue'),
      'yes',
      'Subscription.FifoQueue: yes is not true or false',
    ],
    ['no list', property('TopicQueuesPolicy', 'Queues'), 'x', 'TopicQueuesPolicy.Queues: is not a list'],
    ['no object', property('Table', 'SSESpecification'), true, 'Table.SSESpecification: is not an object'],
    ['no text', property('Table', 'TableName'), { a: 'b' }, 'Table.TableName: is no string'],
    [
      'a reference to nothing',
      property('TopicQueuesPolicy', 'Queues/0/Ref'),
      'NoQueue',
      'TopicQueuesPolicy: refers to NoQueue, which is not there',
    ],
    [
      'an attribute that the resource does not have',
      property(stream, 'EventSourceArn/Fn::GetAtt/1'),
      'StreamName',
      `${stream}: Table (AWS::DynamoDB::Table) has no attribute StreamName`,
    ],
    [
      'a name in a text that nothing has',
      property('Table', 'TableName'),
      { 'Fn::Sub': '$' + '{Stage}-orders' },
      'Table: refers to Stage, which is not there',
    ],
    [
      'an output of nothing',
      'template/Outputs/TableName/Value/Ref',
      'NoTable',
      'TableName: refers to NoTable, which is not there',
    ],
  ])('%s', (_what, path, value, finding) => {
    expect(specificationFindings(specification, broken(path, value).template)).toContain(finding);
  });
});

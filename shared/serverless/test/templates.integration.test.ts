import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { packageServices, type ServicePackage } from '@orderly/local/packages';
import { services } from '@orderly/local/services';
import { readRoutes } from '../../../tools/codegen/documents/platform.ts';
import { type Breakage, breakages, stream } from './breakages.ts';
import { type RuleName, rules } from './rules/index.ts';
import { list, ofType, type Stack } from './rules/rule.ts';
import { wildcardGrants, wildcards } from './rules/wildcards.ts';
import { specificationFindings } from './specification.ts';

const specification = loadAwsServiceSpecSync();
const ruleNames = Object.keys(rules) as RuleName[];

let packages: readonly ServicePackage[] = [];

beforeAll(async () => {
  packages = await packageServices(['dev', 'prod']);
});

const found = (check: (stack: Stack) => readonly string[]): string[] =>
  packages.flatMap((stack) => check(stack).map((text) => `${stack.service} ${stack.stage}: ${text}`));

it('every service is packaged for dev and prod', () => {
  expect(packages.map(({ service, stage }) => `${service} ${stage}`).sort()).toEqual(
    services.flatMap((service) => [`${service} dev`, `${service} prod`]).sort(),
  );
});

it("every template follows AWS's resource specification", () => {
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

it('every listed wildcard is needed by some policy', () => {
  const used = packages.flatMap(({ template }) => wildcardGrants(template).map(({ listed }) => listed));

  expect(wildcards.filter((one) => one.parameter === undefined && !used.includes(one))).toEqual([]);
});

const withId = /^([A-Z]\w*)\/(.+)$/;

/** The stack of orders in prod with a breakage in it, and the finding in full. */
function broken([, path, value, finding]: Breakage): { readonly stack: Stack; readonly finding: string } {
  const original = packages.find(({ service, stage }) => service === 'orders' && stage === 'prod');
  const stack = structuredClone(original) as Stack;
  const keys = path.replace(withId, 'template/Resources/$1/Properties/$2').split('/');
  const last = keys.pop() ?? '';
  const owner = keys.reduce<unknown>((inner, key) => Object(inner)[key], stack);
  if (typeof owner !== 'object' || owner === null) throw new Error(`The template has nothing at ${path}`);
  if (value === undefined) Reflect.deleteProperty(owner, last);
  else Reflect.set(owner, last, value);
  const [, id = ''] = /(?:^|Resources\/)([A-Z]\w*)/.exec(path) ?? [];
  return { stack, finding: /^[:.]/.test(finding) ? id + finding : finding };
}

describe.each(ruleNames)('the rule "%s" finds', (name) => {
  it.each(breakages[name])('%s', (...breakage) => {
    const { stack, finding } = broken(breakage);

    expect(rules[name](stack)).toContain(finding);
  });
});

describe("AWS's resource specification finds", () => {
  const sse = 'SSESpecification';
  const first = 'AttributeDefinitions/0';
  const missingType = '.AttributeDefinitions[0]: AttributeType is missing';
  const noAttribute = ': Table (AWS::DynamoDB::Table) has no attribute StreamName';
  const absent = 'refers to No, which is not there';
  it.each<Breakage>([
    ['an unknown type', 'template/Resources/Table/Type', 'AWS::A::B', ': there is no AWS::A::B'],
    ['an unknown property', 'Table/TableNames', 'x', ': TableNames is not known'],
    ['an unknown property within', `Table/${sse}/Enabled`, true, `.${sse}: Enabled is not known`],
    ['a missing property', 'Table/KeySchema', undefined, ': KeySchema is missing'],
    ['a missing property within', `Table/${first}/AttributeType`, undefined, missingType],
    ['a tag without a value', 'Subscription/Tags/0/Value', undefined, '.Tags[0]: Value is missing'],
    ['no number', 'Subscription/VisibilityTimeout', '90s', '.VisibilityTimeout: 90s is no integer'],
    ['no boolean', 'Subscription/FifoQueue', 'yes', '.FifoQueue: yes is not true or false'],
    ['no list', 'TopicQueuesPolicy/Queues', 'x', '.Queues: is not a list'],
    ['no object', `Table/${sse}`, true, `.${sse}: is not an object`],
    ['no text', 'Table/TableName', { a: 'b' }, '.TableName: is no string'],
    ['a reference to nothing', 'TopicQueuesPolicy/Queues/0/Ref', 'No', ': refers to No, which is not there'],
    ['an attribute of no such resource', `${stream}/EventSourceArn/Fn::GetAtt/1`, 'StreamName', noAttribute],
    [
      'a name in a text that nothing has',
      'Table/TableName',
      { 'Fn::Sub': '$' + '{No}-orders' },
      `: ${absent}`,
    ],
    ['an output of nothing', 'template/Outputs/TableName/Value/Ref', 'No', `TableName: ${absent}`],
  ])('%s', (...breakage) => {
    const { stack, finding } = broken(breakage);

    expect(specificationFindings(specification, stack.template)).toContain(finding);
  });
});

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageServices, type ServicePackage } from '@orderly/local/packages';
import { parse } from 'yaml';

const root = resolve(__dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const account = '111122223333';
const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': account,
  'AWS::Region': 'eu-central-1',
};

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const list = <T>(value: T | readonly T[]): readonly T[] => [value].flat() as readonly T[];

const pattern = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);

/** The two policies of tools/release/deploy-role.yml for a stage. */
function policiesOf(stage: string): {
  readonly deploy: readonly Statement[];
  readonly boundary: readonly Statement[];
} {
  const text = read('tools/release/deploy-role.yml').replace(/\$\{([\w:]+)\}/g, (all, name: string) => {
    return name === 'Stage' ? stage : (pseudo[name] ?? all);
  });
  const { DeployRole, Boundary } = parse(text, { logLevel: 'silent' }).Resources;
  return {
    deploy: DeployRole.Properties.Policies[0].PolicyDocument.Statement,
    boundary: Boundary.Properties.PolicyDocument.Statement,
  };
}

/** Whether statements without a condition, and those whose conditions are named, allow this. */
const allows = (statements: readonly Statement[], action: string, arn: string): boolean =>
  statements.some(
    ({ Effect, Action, Resource }) =>
      Effect === 'Allow' &&
      list(Action).some((one) => pattern(one).test(action)) &&
      list(Resource).some((one) => pattern(one).test(arn)),
  );

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:${account}:${resource}`;

/** The ARN of what has a name in the template, and an action that would harm it. */
const named: Readonly<Record<string, (name: string) => readonly [action: string, arn: string]>> = {
  'AWS::DynamoDB::Table:TableName': (name) => ['dynamodb:DeleteTable', arn('dynamodb', `table/${name}`)],
  'AWS::SQS::Queue:QueueName': (name) => ['sqs:PurgeQueue', arn('sqs', name)],
  'AWS::SNS::Topic:TopicName': (name) => ['sns:DeleteTopic', arn('sns', name)],
  'AWS::Lambda::Function:FunctionName': (name) => [
    'lambda:UpdateFunctionCode',
    arn('lambda', `function:${name}`),
  ],
  'AWS::Logs::LogGroup:LogGroupName': (name) => ['logs:DeleteLogGroup', arn('logs', `log-group:${name}`)],
  'AWS::CloudWatch::Alarm:AlarmName': (name) => [
    'cloudwatch:DeleteAlarms',
    arn('cloudwatch', `alarm:${name}`),
  ],
  'AWS::CloudWatch::Dashboard:DashboardName': (name) => [
    'cloudwatch:PutDashboard',
    `arn:aws:cloudwatch::${account}:dashboard/${name}`,
  ],
  'AWS::Events::Rule:Name': (name) => ['events:DeleteRule', arn('events', `rule/${name}`)],
  'AWS::CodeDeploy::Application:ApplicationName': (name) => [
    'codedeploy:DeleteApplication',
    arn('codedeploy', `application:${name}`),
  ],
  'AWS::IAM::Role:Path': (path) => ['iam:PutRolePolicy', `arn:aws:iam::${account}:role${path}role`],
};

/** Kinds that have no name of their own, and who may change them: they are a part of something that has. */
const parts = [
  'AWS::ApiGatewayV2::',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::Lambda::',
  'AWS::S3::',
  'AWS::SQS::QueuePolicy',
];

/** The action that changes a resource of a template. */
function changesOf({ template }: ServicePackage): readonly (readonly [action: string, arn: string])[] {
  return Object.values(template.Resources).flatMap(({ Type, Properties = {} }) => {
    const key = Object.keys(named).find((one) => one.startsWith(`${Type}:`));
    if (key === undefined) {
      expect(parts.filter((part) => Type.startsWith(part))).not.toEqual([]);
      return [];
    }
    const name = Properties[key.split(':').at(-1) ?? ''];
    expect([Type, typeof name]).toEqual([Type, 'string']);
    return [named[key]?.(String(name)) ?? ['', '']];
  });
}

let packages: readonly ServicePackage[] = [];
beforeAll(async () => {
  packages = await packageServices(['dev', 'prod']);
  // Six times `sls package`, on a machine that is busy with other tests.
}, 600_000);

const stackOf = (stack: { service: string; stage: string }) =>
  arn('cloudformation', `stack/orderly-${stack.service}-${stack.stage}/0a1b`);

it.each(['dev', 'prod'])('the role that deploys %s may change all that its stacks have', (stage) => {
  const { deploy } = policiesOf(stage);
  const stacks = packages.filter((stack) => stack.stage === stage);

  const changes = stacks.flatMap((stack) => [
    ...changesOf(stack),
    ['cloudformation:UpdateStack', stackOf(stack)] as const,
  ]);
  expect(changes.length).toBeGreaterThan(50);
  expect(changes.filter(([action, resource]) => !allows(deploy, action, resource))).toEqual([]);
});

it.each([
  ['dev', 'prod'],
  ['prod', 'dev'],
])('the role that deploys %s may change nothing that the stacks of %s have', (stage, other) => {
  const { deploy } = policiesOf(stage);
  const stacks = packages.filter((stack) => stack.stage === other);

  const changes = stacks.flatMap((stack) => [
    ...changesOf(stack),
    ['cloudformation:UpdateStack', stackOf(stack)] as const,
  ]);
  expect(changes.filter(([action, resource]) => allows(deploy, action, resource))).toEqual([]);
});

it('resources of an API without names are distinguished by their tag', () => {
  const denied = policiesOf('dev').deploy.filter(({ Effect }) => Effect === 'Deny');

  expect(denied).toEqual([
    {
      Effect: 'Deny',
      Action: 'apigateway:*',
      Resource: '*',
      Condition: {
        StringNotEquals: { 'aws:ResourceTag/orderly:stage': 'Stage' },
        Null: { 'aws:ResourceTag/orderly:stage': 'false' },
      },
    },
  ]);
});

it('every role has the boundary, and no action may remove or change it', () => {
  const { deploy } = policiesOf('dev');
  const role = `arn:aws:iam::${account}:role/orderly/dev/role`;
  const unbounded = deploy.filter(
    ({ Condition }) => Condition?.StringEquals?.['iam:PermissionsBoundary'] === undefined,
  );

  for (const action of ['CreateRole', 'PutRolePolicy', 'AttachRolePolicy', 'PutRolePermissionsBoundary']) {
    expect([action, allows(deploy, `iam:${action}`, role)]).toEqual([action, true]);
    expect([action, allows(unbounded, `iam:${action}`, role)]).toEqual([action, false]);
  }
  for (const action of [
    'DeleteRolePermissionsBoundary',
    'CreatePolicyVersion',
    'CreateUser',
    'CreatePolicy',
  ]) {
    expect([action, allows(deploy, `iam:${action}`, role)]).toEqual([action, false]);
  }
});

it.each(['dev', 'prod'])(
  'the boundary of %s leaves its functions all that their roles grant',
  async (stage) => {
    const { boundary } = policiesOf(stage);
    const stacks = packages.filter((stack) => stack.stage === stage);

    const granted = stacks.flatMap((stack) =>
      Object.values(stack.template.Resources)
        .filter(({ Type }) => Type === 'AWS::IAM::Role')
        .flatMap(({ Properties }) => {
          const { Policies = [] } = Object(Properties);
          return Policies.flatMap(({ PolicyDocument }: { PolicyDocument: { Statement: Statement[] } }) =>
            PolicyDocument.Statement.flatMap(({ Action, Resource }) =>
              list(Action).flatMap((action) =>
                list(Resource).map((resource) => [action, arnIn(stack, resource)] as const),
              ),
            ),
          );
        }),
    );

    expect(granted.length).toBeGreaterThan(30);
    expect(granted.filter(([action, resource]) => !allows(boundary, action, resource))).toEqual([]);
  },
);

/** A resource of a policy as CloudFormation fills it in. */
function arnIn({ template }: ServicePackage, resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { 'Fn::Sub': text, 'Fn::GetAtt': attribute } = Object(resource);
  if (Array.isArray(attribute)) return arnOf(template, String(attribute[0]), String(attribute[1]));
  return String(text).replace(/\$\{([\w:.]+)\}/g, (_all, name: string) => {
    const [id = '', property = ''] = name.split('.');
    return pseudo[name] ?? arnOf(template, id, property);
  });
}

function arnOf({ Resources }: ServicePackage['template'], id: string, attribute: string): string {
  const { Type = '', Properties = {} } = Resources[id] ?? {};
  if (Type === 'AWS::SQS::Queue') return arn('sqs', String(Properties.QueueName));
  const table = arn('dynamodb', `table/${Properties.TableName}`);
  return attribute === 'StreamArn' ? `${table}/stream/now` : table;
}

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdatePolicy?: object;
  readonly Properties: Readonly<Record<string, unknown>>;
}
interface Group {
  readonly AlarmConfiguration: { readonly Alarms: readonly { readonly Name: { readonly Ref: string } }[] };
  readonly AutoRollbackConfiguration: object;
}
type Resources = Readonly<Record<string, Resource>>;

const orderly = resolve(__dirname, '../../../.orderly');
const sls = createRequire(__filename).resolve('serverless/bin/serverless.js');
const folders: string[] = [];

const consumer = { handler: 'handler.run', events: [{ sqs: { arn: { 'Fn::GetAtt': ['Work', 'Arn'] } } }] };
/** One function of each kind that the services have. */
const functions = {
  place: { handler: 'handler.run', events: [{ httpApi: 'POST /orders' }, { httpApi: 'PUT /orders' }] },
  'show-all': { handler: 'handler.run', events: [{ httpApi: 'GET /orders' }] },
  follow: consumer,
  publish: {
    handler: 'handler.run',
    events: [{ stream: { type: 'dynamodb', arn: { 'Fn::GetAtt': ['Table', 'StreamArn'] } } }],
  },
  count: { handler: 'handler.run', events: [{ schedule: 'rate(5 minutes)' }] },
};

/** The template of a small service, from the real framework; or what it says instead. */
async function packaged(deployment: string, more: object = {}): Promise<Resources> {
  // Within the repository, where the framework finds its plugins.
  mkdirSync(orderly, { recursive: true });
  const cwd = mkdtempSync(join(orderly, 'traffic-shifting-'));
  folders.push(cwd);
  const plugin = '@orderly/serverless/traffic-shifting.cjs';
  const entries = Object.entries({ ...functions, ...more });
  const config = {
    service: 'shop',
    frameworkVersion: '4',
    plugins: ['serverless-iam-roles-per-function', plugin],
    provider: { name: 'aws', runtime: 'nodejs22.x', region: 'eu-central-1' },
    custom: { deployment },
    functions: Object.fromEntries(entries.map(([name, fn]) => [name, { ...fn, iamRoleStatements: [] }])),
  };
  writeFileSync(join(cwd, 'serverless.json'), JSON.stringify(config));
  writeFileSync(join(cwd, 'handler.js'), 'exports.run = async () => ({ statusCode: 200 });\n');
  await promisify(execFile)(process.execPath, [sls, 'package'], { cwd });
  const template = readFileSync(join(cwd, '.serverless/cloudformation-template-update-stack.json'), 'utf8');
  return JSON.parse(template).Resources;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const ofType = (resources: Resources, type: string) =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);
const properties = (resources: Resources, id: string) => resources[id]?.Properties;
const dependsOn = ({ DependsOn = [] }: Resource) => [DependsOn].flat();
const live = (fn: string) => ({
  'Fn::Join': [':', [{ 'Fn::GetAtt': [`${fn}LambdaFunction`, 'Arn'] }, 'live']],
});

describe('at once', () => {
  let resources: Resources = {};
  beforeAll(async () => {
    resources = await packaged('AllAtOnce');
  });

  it('adds nothing', () => {
    const types = new Set(Object.values(resources).map(({ Type }) => Type));
    const added = [...types].filter((type) => /CodeDeploy|CloudWatch|Alias/.test(type));
    expect(added).toEqual([]);
    expect(properties(resources, 'HttpApiIntegrationPlace')).toMatchObject({
      IntegrationUri: { 'Fn::GetAtt': ['PlaceLambdaFunction', 'Arn'] },
    });
  });

  it('takes back the versions of a release that failed', () => {
    const policies = ofType(resources, 'AWS::Lambda::Version').map(
      ([, { DeletionPolicy }]) => DeletionPolicy,
    );

    expect(policies).toEqual(Object.keys(functions).map(() => 'RetainExceptOnCreate'));
  });
});

describe('step by step', () => {
  let resources: Resources = {};
  beforeAll(async () => {
    resources = await packaged('Linear10PercentEvery1Minute');
  });

  it('gives every function an alias of its newest version', () => {
    const aliases = ofType(resources, 'AWS::Lambda::Alias').map(([id, { Properties }]) => [id, Properties]);

    expect(aliases.map(([id]) => id).sort()).toEqual(
      ['Count', 'Follow', 'Place', 'Publish', 'ShowDashall'].map((name) => `${name}LiveAlias`),
    );
    for (const [, alias] of aliases) {
      const version = /^(\w+)LambdaVersion\w+$/;
      expect(alias).toMatchObject({
        Name: 'live',
        FunctionVersion: { 'Fn::GetAtt': [expect.stringMatching(version), 'Version'] },
      });
    }
  });

  it('has CodeDeploy shift every alias, each with a group of its own', () => {
    for (const [id, { UpdatePolicy, DependsOn }] of ofType(resources, 'AWS::Lambda::Alias')) {
      expect({ UpdatePolicy, DependsOn }).toEqual({
        UpdatePolicy: {
          CodeDeployLambdaAliasUpdate: {
            ApplicationName: { Ref: 'ReleaseApplication' },
            DeploymentGroupName: { Ref: `${id}Group` },
          },
        },
        DependsOn: [`${id}Group`],
      });
      expect(properties(resources, `${id}Group`)).toMatchObject({
        DeploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute',
      });
    }
  });

  it('calls the alias from every route, queue, stream and schedule, once it is there', () => {
    const callers = [
      ['HttpApiIntegrationPlace', 'IntegrationUri', 'Place'],
      ['HttpApiIntegrationShowDashall', 'IntegrationUri', 'ShowDashall'],
      ['FollowEventSourceMappingSQSWork', 'FunctionName', 'Follow'],
      ['PublishEventSourceMappingDynamodbTable', 'FunctionName', 'Publish'],
    ] as const;

    for (const [id, property, fn] of callers) {
      expect([id, properties(resources, id)?.[property]]).toEqual([id, live(fn)]);
      expect(dependsOn(resources[id] as Resource)).toContain(`${fn}LiveAlias`);
    }
    const [[, rule] = []] = ofType(resources, 'AWS::Events::Rule');
    expect(rule?.Properties.Targets).toMatchObject([{ Arn: live('Count') }]);
  });

  it('lets the API call function and alias, and the alias before it does', () => {
    const permitted = (id: string) => properties(resources, id)?.FunctionName;

    expect(permitted('PlaceLambdaPermissionHttpApi')).toEqual({
      'Fn::GetAtt': ['PlaceLambdaFunction', 'Arn'],
    });
    expect(permitted('PlaceLambdaPermissionHttpApiLive')).toEqual(live('Place'));
    expect(dependsOn(resources.HttpApiIntegrationPlace as Resource)).toContain(
      'PlaceLambdaPermissionHttpApiLive',
    );
  });

  it('rolls back for errors of the new version, and for those of the API where it answers HTTP', () => {
    const alarmsOf = (fn: string) => {
      const { AlarmConfiguration, AutoRollbackConfiguration } = properties(
        resources,
        `${fn}LiveAliasGroup`,
      ) as unknown as Group;
      expect(AutoRollbackConfiguration).toMatchObject({
        Enabled: true,
        Events: expect.arrayContaining(['DEPLOYMENT_STOP_ON_ALARM']),
      });
      const ids = AlarmConfiguration.Alarms.map(({ Name }) => Name.Ref);
      expect(ids.map((id) => resources[id]?.Type)).toEqual(ids.map(() => 'AWS::CloudWatch::Alarm'));
      return ids;
    };

    expect(alarmsOf('Place')).toEqual([
      expect.stringMatching(/^PlaceLambdaVersion\w+Errors$/),
      'ReleaseApiErrors',
    ]);
    expect(alarmsOf('Follow')).toEqual([expect.stringMatching(/^FollowLambdaVersion\w+Errors$/)]);
  });

  it('rolls back nothing for one answer 5xx among few', () => {
    expect(properties(resources, 'ReleaseApiErrors')?.Metrics).toContainEqual(
      expect.objectContaining({ Expression: 'IF(FILL(errors, 0) > 2, 100 * errors / requests, 0)' }),
    );
  });

  it('watches the version that is new, and no other', () => {
    const [ofTheVersion] = Object.keys(resources).filter((id) => /^PlaceLambdaVersion\w+Errors$/.test(id));

    expect(properties(resources, ofTheVersion ?? '')?.Dimensions).toEqual([
      { Name: 'FunctionName', Value: { Ref: 'PlaceLambdaFunction' } },
      { Name: 'Resource', Value: { 'Fn::Join': [':', [{ Ref: 'PlaceLambdaFunction' }, 'live']] } },
      {
        Name: 'ExecutedVersion',
        Value: { 'Fn::GetAtt': [ofTheVersion?.replace(/Errors$/, ''), 'Version'] },
      },
    ]);
  });

  it('refers to nothing that is not there', () => {
    const text = JSON.stringify(resources);
    const named = [
      ...[...text.matchAll(/"Ref":"(\w+)"/g)].map(([, id = '']) => id),
      ...[...text.matchAll(/"Fn::GetAtt":\["(\w+)"/g)].map(([, id = '']) => id),
      ...Object.values(resources).flatMap(dependsOn),
    ];
    // The service's own; this small one does not declare them.
    const elsewhere = new Set([...Object.keys(resources), 'Work', 'Table']);

    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((id) => !elsewhere.has(id))).toEqual([]);
  });
});

it('every way of shifting fits into the hour of the pipeline, for one service after the other', async () => {
  const said = await packaged('Canary50Percent').catch((error: { readonly stdout: string }) => error.stdout);
  const [, names = ''] = /is one of (.*), not/.exec(String(said)) ?? [];
  const minutes = names.split(', ').map((name) => {
    const [, kind, percent, every] = /^(Canary|Linear)(\d+)Percent(?:Every)?(\d+)Minutes?$/.exec(name) ?? [];
    return kind === undefined ? 0 : Number(every) * (kind === 'Linear' ? 100 / Number(percent) : 1);
  });

  // Besides the shift, a service takes some five minutes.
  expect(Math.max(...minutes)).toBeGreaterThan(0);
  expect(3 * (Math.max(...minutes) + 5)).toBeLessThan(60);
});

it('takes a service without routes', async () => {
  const resources = await packaged('Canary10Percent5Minutes', { place: consumer, 'show-all': consumer });

  expect(ofType(resources, 'AWS::CodeDeploy::DeploymentGroup')).toHaveLength(5);
  expect(Object.keys(resources)).not.toContain('ReleaseApiErrors');
});

it('refuses a deployment that CodeDeploy does not know, and says which there are', async () => {
  await expect(packaged('Canary50Percent')).rejects.toMatchObject({
    stdout: expect.stringMatching(/AllAtOnce, Canary10Percent5Minutes, .* not "Canary50Percent"/),
  });
});

import { packageServices } from '@orderly/local/packages';
import { runPart } from './run-part.ts';
import { packageShops } from './shop.ts';

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

const consumer = { events: [{ sqs: { arn: { 'Fn::GetAtt': ['Work', 'Arn'] } } }] };
/** One function of each kind that the services have. */
const functions = {
  place: { events: [{ httpApi: 'POST /orders' }, { httpApi: 'PUT /orders' }] },
  'show-all': { events: [{ httpApi: 'GET /orders' }] },
  follow: consumer,
  publish: { events: [{ stream: { type: 'dynamodb', arn: { 'Fn::GetAtt': ['Table', 'StreamArn'] } } }] },
  count: { events: [{ schedule: 'rate(5 minutes)' }] },
};

let shops: Awaited<ReturnType<typeof packageShops>> = [];

beforeAll(async () => {
  const withoutRoutes = { ...functions, place: consumer, 'show-all': consumer };
  shops = await packageShops([
    { settings: { deployment: 'Linear10PercentEvery1Minute' }, functions },
    { settings: { deployment: 'Canary10Percent5Minutes' }, functions: withoutRoutes },
  ]);
});

const ofType = (resources: Resources, type: string) =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);
const properties = (resources: Resources, id: string) => resources[id]?.Properties;
const dependsOn = ({ DependsOn = [] }: Resource) => [DependsOn].flat();
const live = (fn: string) => ({
  'Fn::Join': [':', [{ 'Fn::GetAtt': [`${fn}LambdaFunction`, 'Arn'] }, 'live']],
});

it('a release to all at once adds nothing, and a failed one leaves no version behind', async () => {
  const [orders] = await packageServices(['dev'], ['orders']);
  const resources = orders?.template.Resources as Resources;

  const types = new Set(Object.values(resources).map(({ Type }) => Type));
  expect([...types].filter((type) => /CodeDeploy|CloudWatch|Alias/.test(type))).toEqual([]);
  expect(properties(resources, 'HttpApiIntegrationPlaceDashorder')).toMatchObject({
    IntegrationUri: { 'Fn::GetAtt': ['PlaceDashorderLambdaFunction', 'Arn'] },
  });
  const versions = ofType(resources, 'AWS::Lambda::Version');
  expect(versions).toHaveLength(ofType(resources, 'AWS::Lambda::Function').length);
  expect(new Set(versions.map(([, { DeletionPolicy }]) => DeletionPolicy))).toEqual(
    new Set(['RetainExceptOnCreate']),
  );
});

describe('a release step by step', () => {
  let resources: Resources = {};
  beforeAll(() => {
    resources = shops[0] as Resources;
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

  it('lets the API call function and alias, and the alias before the API calls it', () => {
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
});

it('a service without routes is released step by step, too', () => {
  const resources = shops[1] as Resources;

  expect(ofType(resources, 'AWS::CodeDeploy::DeploymentGroup')).toHaveLength(5);
  expect(Object.keys(resources)).not.toContain('ReleaseApiErrors');
});

it('only ways of shifting that fit into the hour of the pipeline are allowed, one service after the other', () => {
  let refusal = '';
  try {
    runPart('traffic-shifting', { deployment: 'Canary50Percent' });
  } catch (error) {
    refusal = String(error);
  }
  expect(refusal).toMatch(/AllAtOnce, Canary10Percent5Minutes, .* not "Canary50Percent"/);
  const [, names = ''] = /is one of (.*), not/.exec(refusal) ?? [];
  const minutes = names.split(', ').map((name) => {
    const [, kind, percent, every] = /^(Canary|Linear)(\d+)Percent(?:Every)?(\d+)Minutes?$/.exec(name) ?? [];
    return kind === undefined ? 0 : Number(every) * (kind === 'Linear' ? 100 / Number(percent) : 1);
  });

  // Besides the shift, a service takes some five minutes.
  expect(Math.max(...minutes)).toBeGreaterThan(0);
  expect(3 * (Math.max(...minutes) + 5)).toBeLessThan(60);
});

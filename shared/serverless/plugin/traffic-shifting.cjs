/**
 * Releases a new version to callers step by step, and takes it back when an alarm rings.
 *
 * `deployment` says how: `AllAtOnce`, where this adds nothing, or the name of a CodeDeploy configuration without its
 * `CodeDeployDefault.Lambda`. Every function then has an alias, which its routes and event sources call and CodeDeploy
 * shifts.
 */
const trafficShifting = (serverless) => ({
  'before:package:compileFunctions': () => {
    if (deploymentOf(serverless) !== 'AllAtOnce') nameAliases(serverless);
  },
  'before:package:finalize': () => {
    takeBackVersions(serverless);
    if (deploymentOf(serverless) !== 'AllAtOnce') shiftTraffic(serverless);
  },
});

/**
 * Those of CodeDeploy that take at most ten minutes. The pipeline deploys all services one after the other, within an hour: that
 * of its job, and of its credentials, which `sls deploy` needs until the end.
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
 */
const deployments = [
  'AllAtOnce',
  'Canary10Percent5Minutes',
  'Canary10Percent10Minutes',
  'Linear10PercentEvery1Minute',
];

function deploymentOf({ service, classes }) {
  const { deployment } = service.custom.settings;
  if (deployments.includes(deployment)) return deployment;
  throw new classes.Error(
    `The parameter deployment is one of ${deployments.join(', ')}, not "${deployment}"`,
  );
}

const alias = 'live';
const application = 'ReleaseApplication';
const role = 'ReleaseRole';
const ofTheApi = 'ReleaseApiErrors';

/**
 * The version of a failed release is deleted with it, although the framework retains versions: Lambda makes no second one
 * of the same code, so the release could not be repeated.
 */
function takeBackVersions({ service }) {
  for (const resource of Object.values(service.provider.compiledCloudFormationTemplate.Resources)) {
    if (resource.Type === 'AWS::Lambda::Version') resource.DeletionPolicy = 'RetainExceptOnCreate';
  }
}

/** The framework points routes and event sources at the alias that a function says it has. */
function nameAliases(serverless) {
  const { naming } = serverless.getProvider('aws');
  for (const name of serverless.service.getAllFunctions()) {
    const logicalId = `${naming.getNormalizedFunctionName(name)}LiveAlias`;
    serverless.service.getFunction(name).targetAlias = { name: alias, logicalId };
  }
}

function shiftTraffic(serverless) {
  const { service } = serverless;
  const { naming } = serverless.getProvider('aws');
  const { Resources } = service.provider.compiledCloudFormationTemplate;
  // As other alarms of the stage: whoever deploys it may touch no others.
  const prefix = `${service.provider.stage}-${service.service}`;
  Object.assign(Resources, codeDeploy(naming.getStackName()));
  const api = naming.getHttpApiLogicalId();
  if (api in Resources) Resources[ofTheApi] = apiErrors(api, prefix);

  for (const name of service.getAllFunctions()) {
    const { name: functionName, versionLogicalId: version, targetAlias } = service.getFunction(name);
    const fn = { id: naming.getLambdaLogicalId(name), name: functionName, version };
    // One for each version: the state of the last one's alarm says nothing of this one.
    const ofTheVersion = `${version}Errors`;
    const group = `${targetAlias.logicalId}Group`;
    const integration = naming.getHttpApiIntegrationLogicalId(name);
    const answersHttp = integration in Resources;
    Resources[ofTheVersion] = versionErrors(fn, prefix);
    Resources[group] = deploymentGroup(fn, deploymentOf(serverless), [
      ofTheVersion,
      ...(answersHttp ? [ofTheApi] : []),
    ]);
    Resources[targetAlias.logicalId] = liveAlias(fn, group);
    setMappingRole(Resources, fn, targetAlias.logicalId, naming.getRoleLogicalId());
    if (answersHttp) permitBoth(Resources, fn, naming.getLambdaHttpApiPermissionLogicalId(name), integration);
  }
}

const liveAlias = ({ id, version }, group) => ({
  Type: 'AWS::Lambda::Alias',
  // The group knows the alarm of the new version before the shift begins.
  DependsOn: [group],
  UpdatePolicy: {
    CodeDeployLambdaAliasUpdate: {
      ApplicationName: { Ref: application },
      DeploymentGroupName: { Ref: group },
    },
  },
  Properties: {
    FunctionName: { Ref: id },
    FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] },
    Name: alias,
  },
});

/** The API may call function and alias, so that no request is refused when `deployment` changes to or from AllAtOnce. */
function permitBoth(Resources, { id }, permission, integration) {
  const ofTheAlias = `${permission}Live`;
  const { DependsOn, ...compiled } = Resources[permission];
  Resources[ofTheAlias] = { ...compiled, DependsOn };
  Resources[permission] = {
    ...compiled,
    Properties: { ...compiled.Properties, FunctionName: { 'Fn::GetAtt': [id, 'Arn'] } },
  };
  Resources[integration].DependsOn = [DependsOn, ofTheAlias];
}

/** serverless-iam-roles-per-function sets it only for event sources that call no alias. */
function setMappingRole(Resources, { id }, aliasId, ofTheService) {
  const [ofTheFunction] = Resources[id].Properties.Role['Fn::GetAtt'];
  for (const mapping of Object.values(Resources)) {
    if (mapping.Type !== 'AWS::Lambda::EventSourceMapping' || !mapping.DependsOn.includes(aliasId)) continue;
    mapping.DependsOn = mapping.DependsOn.map((one) => (one === ofTheService ? ofTheFunction : one));
  }
}

function codeDeploy(stackName) {
  return {
    [application]: {
      Type: 'AWS::CodeDeploy::Application',
      Properties: { ApplicationName: stackName, ComputePlatform: 'Lambda' },
    },
    [role]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'codedeploy.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
        // AWS maintains what CodeDeploy needs for Lambda.
        ManagedPolicyArns: [
          {
            'Fn::Sub':
              // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
              'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited',
          },
        ],
      },
    },
  };
}

const deploymentGroup = ({ name }, deployment, alarms) => ({
  Type: 'AWS::CodeDeploy::DeploymentGroup',
  Properties: {
    ApplicationName: { Ref: application },
    DeploymentGroupName: name,
    ServiceRoleArn: { 'Fn::GetAtt': [role, 'Arn'] },
    DeploymentConfigName: `CodeDeployDefault.Lambda${deployment}`,
    DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
    AlarmConfiguration: { Enabled: true, Alarms: alarms.map((alarm) => ({ Name: { Ref: alarm } })) },
    AutoRollbackConfiguration: {
      Enabled: true,
      Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
    },
  },
});

/** An alarm that only CodeDeploy reads. */
const releaseAlarm = (name, description, properties) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: name,
    AlarmDescription: `${description} A release meanwhile is rolled back. Runbook docs/deploying.md`,
    EvaluationPeriods: 1,
    TreatMissingData: 'notBreaching',
    ...properties,
  },
});

/** Crashes and timeouts of one version; what its code catches is an answer 5xx, or a message that is tried again. */
const versionErrors = ({ id, name, version }, prefix) =>
  releaseAlarm(`${prefix}-release-${version}`, `The new version of ${name} crashes or runs out of time.`, {
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html
    Dimensions: [
      { Name: 'FunctionName', Value: { Ref: id } },
      { Name: 'Resource', Value: { 'Fn::Join': [':', [{ Ref: id }, alias]] } },
      { Name: 'ExecutedVersion', Value: { 'Fn::GetAtt': [version, 'Version'] } },
    ],
    Statistic: 'Sum',
    Period: 60,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 0,
  });

function apiErrors(api, prefix) {
  const sum = (Id, MetricName) => ({
    Id,
    ReturnData: false,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/ApiGateway',
        MetricName,
        Dimensions: [{ Name: 'ApiId', Value: { Ref: api } }],
      },
      Stat: 'Sum',
      Period: 60,
    },
  });
  return releaseAlarm(
    `${prefix}-release-api-errors`,
    'More than one request in a hundred, and more than two in a minute, are answered 5xx.',
    {
      Metrics: [
        {
          Id: 'rate',
          Expression: 'IF(FILL(errors, 0) > 2, 100 * errors / requests, 0)',
          Label: 'Answers 5xx in percent',
        },
        sum('errors', '5xx'),
        sum('requests', 'Count'),
      ],
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 1,
    },
  );
}

module.exports = trafficShifting;

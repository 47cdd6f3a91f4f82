/**
 * Serverless plugin: a release reaches callers step by step, and goes back by itself when an alarm rings.
 *
 * `custom.deployment` says how: `AllAtOnce`, where this adds nothing, or the name of a CodeDeploy configuration
 * without its `CodeDeployDefault.Lambda`. Every function then has an alias, which its routes and event sources call.
 * CodeDeploy shifts the aliases of functions that answer HTTP. The others switch at once: to share out the messages
 * of an order between two versions would be to mix their order, and what one of them fails is tried again or parked.
 */
class TrafficShifting {
  constructor(serverless) {
    const whenGradual = (step) => () => {
      const deployment = deploymentOf(serverless);
      if (deployment !== 'AllAtOnce') step(serverless, deployment);
    };
    this.hooks = {
      'before:package:compileFunctions': whenGradual(nameAliases),
      // After the hook of serverless-iam-roles-per-function, which comes earlier in the list of plugins.
      'before:package:finalize': whenGradual(shiftTraffic),
    };
  }
}

// https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
const deployments = [
  'AllAtOnce',
  ...[5, 10, 15, 30].map((minutes) => `Canary10Percent${minutes}Minutes`),
  'Linear10PercentEvery1Minute',
  ...[2, 3, 10].map((minutes) => `Linear10PercentEvery${minutes}Minutes`),
];

function deploymentOf({ service, classes }) {
  const deployment = service.custom?.deployment;
  if (deployments.includes(deployment)) return deployment;
  throw new classes.Error(`custom.deployment is one of ${deployments.join(', ')}, not "${deployment}"`);
}

const alias = 'live';
const application = 'ReleaseApplication';
const role = 'ReleaseRole';
/** An AWS quota: alarms of one deployment group. */
const mostAlarms = 10;

/** The framework points routes and event sources at the alias that a function says it has. */
function nameAliases(serverless) {
  const { naming } = serverless.getProvider('aws');
  for (const name of serverless.service.getAllFunctions()) {
    const logicalId = `${naming.getNormalizedFunctionName(name)}LiveAlias`;
    serverless.service.getFunction(name).targetAlias = { name: alias, logicalId };
  }
}

function shiftTraffic(serverless, deployment) {
  const { service } = serverless;
  const { naming } = serverless.getProvider('aws');
  const { Resources } = service.provider.compiledCloudFormationTemplate;
  const functions = service.getAllFunctions().map((name) => ({
    name,
    ...service.getFunction(name),
    id: naming.getLambdaLogicalId(name),
    permission: naming.getLambdaHttpApiPermissionLogicalId(name),
    integration: naming.getHttpApiIntegrationLogicalId(name),
  }));
  const answersHttp = ({ integration }) => integration in Resources;
  const [shifted, switched] = [functions.filter(answersHttp), functions.filter((fn) => !answersHttp(fn))];

  // What every deployment group watches, beside the errors of its own function.
  const ofTheService =
    shifted.length === 0
      ? {}
      : {
          ReleaseApiErrors: apiErrors(naming.getHttpApiLogicalId()),
          ...Object.fromEntries(switched.map((fn) => [`${fn.targetAlias.logicalId}Errors`, errors(fn)])),
        };
  if (Object.keys(ofTheService).length >= mostAlarms) {
    throw new serverless.classes.Error(
      `${switched.length} functions without a route are more than ${mostAlarms - 2}: a deployment group takes ${mostAlarms} alarms`,
    );
  }
  if (shifted.length > 0) Object.assign(Resources, ofTheService, codeDeploy(naming.getStackName()));

  for (const fn of functions) {
    // A version that a failed release has made goes with it: Lambda makes no second one of the same code.
    Resources[fn.versionLogicalId].DeletionPolicy = 'RetainExceptOnCreate';
    Resources[fn.targetAlias.logicalId] = liveAlias(fn);
  }
  for (const fn of shifted) {
    const [group, ofTheVersion] = [`${fn.targetAlias.logicalId}Group`, `${fn.versionLogicalId}Errors`];
    // One for each version: the state of the last one's alarm says nothing of this one.
    Resources[ofTheVersion] = errors(fn, [
      { Name: 'ExecutedVersion', Value: { 'Fn::GetAtt': [fn.versionLogicalId, 'Version'] } },
    ]);
    Resources[group] = deploymentGroup(fn.name, deployment, [ofTheVersion, ...Object.keys(ofTheService)]);
    Object.assign(Resources[fn.targetAlias.logicalId], shiftedBy(group));
    permitBoth(Resources, fn);
  }
  setMappingRoles(Resources, functions, naming.getRoleLogicalId());
}

const liveAlias = ({ id, versionLogicalId }) => ({
  Type: 'AWS::Lambda::Alias',
  Properties: {
    FunctionName: { Ref: id },
    FunctionVersion: { 'Fn::GetAtt': [versionLogicalId, 'Version'] },
    Name: alias,
  },
});

/** What makes CodeDeploy, with this deployment group, shift an alias that changes. */
const shiftedBy = (group) => ({
  // The group knows the alarms of the new version before the shift begins.
  DependsOn: [group],
  UpdatePolicy: {
    CodeDeployLambdaAliasUpdate: {
      ApplicationName: { Ref: application },
      DeploymentGroupName: { Ref: group },
    },
  },
});

/** The API may call function and alias, so that a change between gradual and AllAtOnce refuses no request. */
function permitBoth(Resources, { id, permission, integration, targetAlias }) {
  const ofTheAlias = `${permission}Live`;
  const { DependsOn, ...compiled } = Resources[permission];
  Resources[ofTheAlias] = { ...compiled, DependsOn };
  Resources[permission] = {
    ...compiled,
    Properties: { ...compiled.Properties, FunctionName: { 'Fn::GetAtt': [id, 'Arn'] } },
  };
  Resources[integration].DependsOn = [targetAlias.logicalId, ofTheAlias];
}

/** serverless-iam-roles-per-function does it only for mappings that have no alias. */
function setMappingRoles(Resources, functions, ofTheService) {
  for (const { Type, ...mapping } of Object.values(Resources)) {
    if (Type !== 'AWS::Lambda::EventSourceMapping') continue;
    const fn = functions.find(({ targetAlias }) => mapping.DependsOn.includes(targetAlias.logicalId));
    const [roleId] = Resources[fn.id].Properties.Role['Fn::GetAtt'];
    const place = mapping.DependsOn.indexOf(ofTheService);
    if (place >= 0) mapping.DependsOn[place] = roleId;
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
        // What CodeDeploy needs for Lambda, kept by AWS.
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

const deploymentGroup = (name, deployment, alarms) => ({
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

/** An alarm for releases only: it tells CodeDeploy, and nobody else. */
const releaseAlarm = (description, properties) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription: `${description} A release meanwhile is rolled back. Runbook docs/deploying.md`,
    EvaluationPeriods: 1,
    TreatMissingData: 'notBreaching',
    ...properties,
  },
});

/** Crashes and timeouts; what the code catches is an answer 5xx, or a message that is tried again. */
const errors = ({ name, id }, dimensions = []) =>
  releaseAlarm(`${name} crashes or runs out of time.`, {
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Dimensions: [
      { Name: 'FunctionName', Value: { Ref: id } },
      { Name: 'Resource', Value: { 'Fn::Join': [':', [{ Ref: id }, alias]] } },
      ...dimensions,
    ],
    Statistic: 'Sum',
    Period: 60,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 0,
  });

function apiErrors(api) {
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
  return releaseAlarm('More than one request in a hundred is answered 5xx.', {
    Metrics: [
      { Id: 'rate', Expression: '100 * FILL(errors, 0) / requests', Label: 'Answers 5xx in percent' },
      sum('errors', '5xx'),
      sum('requests', 'Count'),
    ],
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 1,
  });
}

module.exports = TrafficShifting;

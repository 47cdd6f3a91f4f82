/**
 * Serverless plugin: finishes the roles that serverless-iam-roles-per-function makes.
 *
 * - CloudFormation names them: the plugin's names, with the region in them, leave a stage some 16 characters.
 * - A traced function may send its traces.
 * - None may create log groups: CloudFormation does, and a function's last words would bring back a removed one.
 * - The service's own role, which no function has then, goes.
 */
class FinishRoles {
  constructor(serverless) {
    this.hooks = {
      'before:package:compileFunctions': () => {
        // Any name within IAM's 64 characters, so that the plugin makes none.
        for (const fn of functions(serverless)) fn.iamRoleStatementsName = fn.name;
      },
      // After the hook of serverless-iam-roles-per-function, which comes earlier in the list of plugins.
      'before:package:finalize': () => finishRoles(serverless),
    };
  }
}

const functions = ({ service }) => service.getAllFunctions().map((name) => service.getFunction(name));

const sendTraces = {
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  // X-Ray knows no narrower resource.
  Resource: '*',
};

function finishRoles(serverless) {
  const { naming } = serverless.getProvider('aws');
  const { Resources } = serverless.service.provider.compiledCloudFormationTemplate;
  const ofTheService = naming.getRoleLogicalId();
  for (const name of serverless.service.getAllFunctions()) {
    const { Properties } = Resources[naming.getLambdaLogicalId(name)];
    const [roleId] = Properties.Role['Fn::GetAtt'];
    if (roleId === ofTheService) {
      throw new serverless.classes.Error(
        `The function ${name} has no iamRoleStatements; [] if it needs none`,
      );
    }
    const role = Resources[roleId].Properties;
    const { Statement } = role.Policies[0].PolicyDocument;
    const [log] = Statement;
    delete role.RoleName;
    log.Action = log.Action.filter((action) => action !== 'logs:CreateLogGroup');
    if (Properties.TracingConfig) Statement.push(sendTraces);
  }
  delete Resources[ofTheService];
}

module.exports = FinishRoles;

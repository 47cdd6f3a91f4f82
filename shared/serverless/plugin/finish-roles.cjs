/**
 * Finishes the roles that serverless-iam-roles-per-function makes.
 *
 * - CloudFormation names them: that plugin's names contain the region and leave a stage some 16 characters.
 * - A function that X-Ray traces may send its traces.
 * - No function may create log groups: CloudFormation does, and the last log lines of a function that is being removed
 *   would create its log group again.
 * - The service's own role, which no function uses, is removed.
 */
const finishRoles = (serverless) => ({
  'before:package:compileFunctions': () => {
    // Any name within IAM's 64 characters, so that serverless-iam-roles-per-function makes none.
    for (const fn of functions(serverless)) fn.iamRoleStatementsName = fn.name;
  },
  'before:package:finalize': () => finish(serverless),
});

const functions = ({ service }) => service.getAllFunctions().map((name) => service.getFunction(name));

const sendTraces = {
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  // X-Ray knows no narrower resource.
  Resource: '*',
};

function finish(serverless) {
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
    if (Properties.TracingConfig?.Mode === 'Active') Statement.push(sendTraces);
  }
  delete Resources[ofTheService];
}

module.exports = finishRoles;

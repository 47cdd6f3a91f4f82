const finishRoles: Part = require('../plugin/finish-roles.cjs');

type Part = (serverless: object) => Readonly<Record<string, () => void>>;

/** The statements of the role of a function with this TracingConfig, once the part has finished it. */
function statementsWith(TracingConfig: object | undefined): readonly object[] {
  const Statement: object[] = [{ Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:PutLogEvents'] }];
  const Role = { 'Fn::GetAtt': ['GetRole', 'Arn'] };
  const Resources = {
    GetLambda: { Properties: { Role, TracingConfig } },
    GetRole: { Properties: { Policies: [{ PolicyDocument: { Statement } }] } },
    ServiceRole: {},
  };
  const naming = { getRoleLogicalId: () => 'ServiceRole', getLambdaLogicalId: () => 'GetLambda' };
  const hooks = finishRoles({
    getProvider: () => ({ naming }),
    service: {
      getAllFunctions: () => ['get'],
      provider: { compiledCloudFormationTemplate: { Resources } },
    },
  });
  hooks['before:package:finalize']?.();
  return Statement;
}

const writeLogs = { Effect: 'Allow', Action: ['logs:PutLogEvents'] };

it('a function that X-Ray traces may send its traces', () => {
  expect(statementsWith({ Mode: 'Active' })).toEqual([
    writeLogs,
    { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
  ]);
});

it.each([[{ Mode: 'PassThrough' }], [undefined]])(
  'a function with the tracing %j may send none',
  (tracing) => {
    expect(statementsWith(tracing)).toEqual([writeLogs]);
  },
);

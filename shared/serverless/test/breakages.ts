import type { RuleName } from './rules/index.ts';

/**
 * What is set where in the package of orders for prod (undefined: deleted), and what is found then.
 *
 * The path is `<logical id>/<path in its properties>`, or one in the package where it begins with a small letter. A finding
 * without a logical id is of the same resource.
 */
export type Breakage = readonly [what: string, path: string, value: unknown, finding: string];

const consumed = 'ConsumeDashinventoryDasheventsEventSourceMappingSQSSubscription';
const consumer = 'ConsumeDashinventoryDasheventsLambdaFunction';
export const stream = 'PublishDasheventsEventSourceMappingDynamodbTable';
const reader = 'GetDashorderLambdaFunction';
const readerLog = 'GetDashorderLogGroup';
const role = 'PublishDasheventsIamRoleLambdaExecution';
const statements = `${role}/Policies/0/PolicyDocument/Statement`;
const openRoute = 'HttpApiRouteGetOrders';
const fallback = 'HttpApiRouteDefault';
const topicPolicy = 'TopicQueuesPolicy/PolicyDocument/Statement';
const policy = 'SubscriptionQueuesPolicy/PolicyDocument/Statement';
const maxReceiveCount = 'Subscription/RedrivePolicy/maxReceiveCount';
const pointInTime = 'PointInTimeRecoverySpecification';
const variables = 'Environment/Variables';
const readerRole = 'GetDashorderIamRoleLambdaExecution';

const allow = (Action: string) => ({ Effect: 'Allow', Action, Resource: 'any' });
const joined = { 'Fn::Join': [':', ['arn', '*']] };
const another = { 'aws:PrincipalTag/orderly:stage': 'another' };
const allLogs = 'arn:aws:logs:eu-central-1:*:log-group:/aws/lambda/*:*:*';

const open = ': lets in callers without a token of the issuer that has a scope of the route';
const foreignPages = ': lets in pages that it should not';
const noPreflight = ': asks browsers for a token before they can show one';
const managed = ': has a managed policy, which allows more than the function needs';
const writeTo = 'logs:PutLogEvents on';
const allBut = 'all but some resources';
const otherKind = ': has a dead-letter queue of another kind';
const consumesDead = ': consumes ParkedEvents, which has no dead-letter queue';
const early = `: is visible again too early for the function of ${consumed}`;
const http = ': takes plain HTTP';
const strangers = ': takes what another stage sends';
const unencrypted = ': is not encrypted';
const twoWays = ': is encrypted in two ways, which SQS refuses';
const needless = ': does not need kms:Decrypt';
const wrongLevel = ': does not log at the level of its stage';
const kept = ': is deleted with its stack, or stays when its first deploy fails';
const otherKey = ': has another key than the stage';
const late = ': does not retry for as long as it says, or longer than a record lives';

const counts = (told: number | undefined, counted: number) =>
  `${consumed}: MAX_RECEIVE_COUNT is ${told}, maxReceiveCount of Subscription is ${counted}`;

/** How each rule is broken. */
export const breakages: Readonly<Record<RuleName, readonly Breakage[]>> = {
  'roles are bound to their stage': [
    ['no path', `${role}/Path`, undefined, ': is not bound to its stage'],
    ['the path of another stage', 'ReleaseRole/Path', '/orderly/dev/', ': is not bound to its stage'],
    ['no boundary', `${role}/PermissionsBoundary`, undefined, ': is not bound to its stage'],
  ],
  'no policy allows a wildcard action': [
    ['all of a service', `${statements}/0/Action`, 'logs:*', ': allows logs:*'],
    ['all but some', `${statements}/0/NotAction`, 'logs:GetLogEvents', ': allows all but some actions'],
    [
      'a managed policy',
      `${role}/ManagedPolicyArns`,
      ['arn:aws:iam::aws:policy/AmazonSQSFullAccess'],
      managed,
    ],
  ],
  'no policy allows a wildcard resource that is not listed': [
    ['everything', `${statements}/0/Resource`, '*', ': allows logs:PutLogEvents on *'],
    [
      'the logs of all functions',
      `${statements}/0/Resource`,
      { 'Fn::Sub': allLogs },
      `: allows ${writeTo} ${allLogs}`,
    ],
    [
      'a text that is joined',
      `${statements}/0/Resource`,
      joined,
      `: allows ${writeTo} ${JSON.stringify(joined)}`,
    ],
    ['all but some', `${statements}/0/NotResource`, 'arn:aws:s3:::secret', `: allows something on ${allBut}`],
  ],
  'every function has a role of its own, and no role is unused': [
    ['a shared role', `${reader}/Role/Fn::GetAtt/0`, role, `: shares ${role}`],
    ['an unused role', `${reader}/Role/Fn::GetAtt/0`, role, `${readerRole}: is used by nothing`],
    ['a role of another stack', `${reader}/Role`, 'arn:aws:iam::1:role/any', ': has a role from elsewhere'],
  ],
  'no function creates log groups, or brings back removed ones': [
    ['a role that may', `${statements}/0/Action/0`, 'logs:CreateLogGroup', ': may create log groups'],
  ],
  'queues have a dead-letter queue': [
    ['none', 'Subscription/RedrivePolicy', undefined, ': has no dead-letter queue'],
    ['one that is no FIFO queue', 'SubscriptionFailures/FifoQueue', undefined, `Subscription${otherKind}`],
    ['a function that consumes one', `${consumed}/EventSourceArn/Fn::GetAtt/0`, 'ParkedEvents', consumesDead],
  ],
  'queues hide a message for six timeouts of its function': [
    ['a slower function', `${consumer}/Timeout`, 16, `Subscription${early}`],
    ["SQS's own 30 seconds", 'Subscription/VisibilityTimeout', undefined, early],
  ],
  'queues keep messages for 14 days': [
    ["SQS's own 4 days", 'StreamFailures/MessageRetentionPeriod', undefined, ': keeps messages for less'],
  ],
  'queues refuse plain HTTP': [
    ['no policy', 'template/Resources/TopicQueuesPolicy', undefined, `ParkedEvents${http}`],
    [
      'a policy of other queues',
      'SubscriptionQueuesPolicy/Queues/1',
      undefined,
      `SubscriptionFailures${http}`,
    ],
    [
      'a policy that refuses HTTPS',
      `${policy}/0/Condition/Bool/aws:SecureTransport`,
      'true',
      `Subscription${http}`,
    ],
  ],
  'queues refuse the functions of other stages': [
    [
      'a policy that refuses another stage',
      `${topicPolicy}/1/Condition/StringNotEquals`,
      another,
      `ParkedEvents${strangers}`,
    ],
    [
      'a policy that refuses people, too',
      `${policy}/1/Condition/Null`,
      undefined,
      `Subscription${strangers}`,
    ],
  ],
  'queues are for the roles of their account only': [
    ['everybody', `${topicPolicy}/0/Effect`, 'Allow', ': lets in others than the roles of the account'],
  ],
  'event sources take partial batch answers': [
    ['a queue', `${consumed}/FunctionResponseTypes`, undefined, ': takes a batch as one'],
    ['a stream', `${stream}/FunctionResponseTypes`, [], ': takes a batch as one'],
  ],
  'event sources retry within bounds': [
    ['a queue that gives up at once', maxReceiveCount, 1, `${consumed}: Subscription bounds no retries`],
    ['a stream that may give up long before that', `${stream}/MaximumRetryAttempts`, 1000, late],
    ['a stream that retries until its records are gone', `${stream}/MaximumRecordAgeInSeconds`, 86400, late],
  ],
  "consumers know their queue's maxReceiveCount": [
    ['a queue that gives up sooner', maxReceiveCount, 3, counts(5, 3)],
    [
      'a function that is not told',
      `${consumer}/${variables}/MAX_RECEIVE_COUNT`,
      undefined,
      counts(undefined, 5),
    ],
  ],
  'streams are bisected on errors': [
    ['off', `${stream}/BisectBatchOnFunctionError`, undefined, ': does not bisect'],
  ],
  'streams have an on-failure queue': [
    ['none', `${stream}/DestinationConfig`, undefined, ': has no on-failure queue'],
    ['a role that may not send', `${role}/Policies`, [], `${stream}: ${role} may not send to the queue`],
  ],
  'consumers have a maximum concurrency': [
    ['none', `${consumed}/ScalingConfig`, undefined, ': has no maximum concurrency'],
  ],
  'tables can be restored to a point in time': [
    ['off', `Table/${pointInTime}/PointInTimeRecoveryEnabled`, false, ': has no point-in-time recovery'],
  ],
  'tables are paid on demand': [['provisioned', 'Table/BillingMode', 'PROVISIONED', ': is provisioned']],
  'tables and logs of prod outlive their stack, but not a first deploy that fails': [
    ['deleted with the stack', 'template/Resources/Table/DeletionPolicy', 'Delete', kept],
    ['kept by a first deploy that fails', 'template/Resources/Table/DeletionPolicy', 'Retain', kept],
    ['deleted when replaced', 'template/Resources/Table/UpdateReplacePolicy', undefined, kept],
    ['logs deleted with the stack', `template/Resources/${readerLog}/DeletionPolicy`, undefined, kept],
  ],
  'tables are protected from deletion only when their stack stands': [
    ['in the template', 'Table/DeletionProtectionEnabled', true, ': is protected before its stack stands'],
  ],
  'data at rest are encrypted': [
    ['no table', 'Table/SSESpecification', undefined, unencrypted],
    ['no queue', 'ParkedEvents/KmsMasterKeyId', undefined, unencrypted],
    ['what a deploy uploads', 'ServerlessDeploymentBucket/BucketEncryption', undefined, unencrypted],
    ['no alarm topic', 'template/Resources/AlarmTopic', { Type: 'AWS::SNS::Topic' }, unencrypted],
    ['a queue in two ways', 'StreamFailures/SqsManagedSseEnabled', true, twoWays],
  ],
  'data at rest have the key of the stage, if it has one': [
    ['a table', 'Table/SSESpecification', { SSEEnabled: true }, otherKey],
    ['a queue', 'Subscription/KmsMasterKeyId', 'alias/aws/sqs', otherKey],
    ['a log', `${readerLog}/KmsKeyId`, undefined, otherKey],
    ['an environment', `${reader}/KmsKeyArn`, undefined, otherKey],
    ['a key in a stage without', 'kmsKey', '', 'SubscriptionFailures: has another key than the stage'],
  ],
  'functions may use the key for what they do, and for nothing else': [
    ['a reader that may not', statements, [allow('dynamodb:GetRecords')], ': needs kms:Decrypt by dynamodb'],
    ['a sender that may not', statements, [allow('sqs:SendMessage')], ': needs kms:GenerateDataKey by sqs'],
    ['a consumer that may not', statements, [allow('sqs:ReceiveMessage')], ': needs kms:Decrypt by sqs'],
    ['the key itself', `${statements}/0`, allow('kms:Decrypt'), `${needless} in any way with another key`],
    ['another key', 'kmsKey', 'any', `${role}${needless} by sqs with another key`],
    ['a key in a stage without', 'kmsKey', '', `${role}${needless} by sqs with another key`],
  ],
  'functions run on arm64': [
    ["Lambda's own x86", `${reader}/Architectures`, undefined, ': does not run on arm64'],
  ],
  'functions that X-Ray traces, and no others, may send traces': [
    [
      'a role that may not',
      `${reader}/TracingConfig`,
      { Mode: 'Active' },
      ': is traced and may not send its traces, or may and is not',
    ],
    [
      'a role that need not',
      `${role}/Policies/0/PolicyDocument/Statement/0`,
      { Effect: 'Allow', Action: 'xray:PutTraceSegments', Resource: '*' },
      'PublishDasheventsLambdaFunction: is traced and may not send its traces, or may and is not',
    ],
  ],
  'functions log at the level of their stage': [
    ["Lambda's own", `${reader}/LoggingConfig/ApplicationLogLevel`, undefined, wrongLevel],
    ['another one', `${reader}/${variables}/POWERTOOLS_LOG_LEVEL`, 'DEBUG', wrongLevel],
  ],
  'functions have a log group in the stack': [
    ['none', `template/Resources/${readerLog}`, undefined, `${reader}: has no log group in the stack`],
  ],
  'log groups have a retention': [
    ['none', `${readerLog}/RetentionInDays`, undefined, ': keeps logs for ever'],
  ],
  'functions outlast the calls that they make': [
    ['a route', `${reader}/Timeout`, 3, ': ends before a call that it makes'],
    ['a consumer', `${consumer}/Timeout`, 5, ': ends before a call that it makes'],
  ],
  'routes are throttled': [
    ['no default', 'HttpApiStage/DefaultRouteSettings', undefined, ': is not throttled'],
    ['a route without', 'HttpApiStage/RouteSettings/$default', undefined, `${fallback}: is not throttled`],
  ],
  'routes are there before their limits': [
    [
      'any order',
      'template/Resources/HttpApiStage/DependsOn',
      [],
      `${fallback}: is not made before HttpApiStage`,
    ],
  ],
  'preflight requests reach the fallback, and no token is asked of them': [
    ['a route for every method', `${openRoute}/RouteKey`, 'ANY /orders', ': takes preflight requests'],
    ['an authorizer', `${fallback}/AuthorizationType`, 'JWT', noPreflight],
  ],
  'browsers call APIs from pages of named origins only, without their cookies': [
    ['any origin', 'HttpApi/CorsConfiguration', { AllowOrigins: ['*'] }, foreignPages],
    ['cookies', 'HttpApi/CorsConfiguration', { AllowCredentials: true }, foreignPages],
  ],
  'routes of prod ask for a token with one of their scopes': [
    ['none', 'HttpApiRouteGetOrders/AuthorizationType', undefined, open],
    ['no authorizer', 'HttpApiRouteGetOrders/AuthorizerId/Ref', 'HttpApi', open],
    ['any scope', 'HttpApiRouteGetOrders/AuthorizationScopes', undefined, open],
    ['any audience', 'HttpApiAuthorizerJwt/JwtConfiguration/Audience', [], `${openRoute}${open}`],
    ['no issuer', 'HttpApiAuthorizerJwt/JwtConfiguration/Issuer', '', `${openRoute}${open}`],
  ],
  'functions of prod answer nobody without claims': [
    ['no issuer', `${reader}/Environment/Variables/JWT_ISSUER`, '', ': takes the stage for an open one'],
  ],
  'outputs name every API, queue and table': [
    ['no URL', 'template/Outputs/HttpApiUrl', undefined, 'HttpApi: has its URL in no output'],
    ['no queue', 'template/Outputs/ParkedEventsUrl', undefined, 'ParkedEvents: is in no output'],
    ['no table', 'template/Outputs/TableName', undefined, 'Table: is in no output'],
  ],
  'everything is tagged with its service and stage': [
    ['no service', 'stackTags/orderly:service', undefined, 'the stack: has no tag orderly:service = orders'],
    ['another stage', 'stackTags/orderly:stage', 'dev', 'the stack: has no tag orderly:stage = prod'],
  ],
  'no stack imports from another': [
    ['an import', 'Table/TableName', { 'Fn::ImportValue': 'any' }, ': imports from another stack'],
  ],
};

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
const publisherRole = 'PublishDasheventsIamRoleLambdaExecution';
const statements = `${publisherRole}/Policies/0/PolicyDocument/Statement`;
const openRoute = ': lets in callers without a token of the issuer that has a scope of the route';
const kept = ': is deleted with its stack, or stays when its first deploy fails';
const otherKey = ': has another key than the stage';
const tooLong = ': does not retry for as long as it says, or longer than a record lives';

/** How each rule is broken. */
export const breakages: Readonly<Record<RuleName, readonly Breakage[]>> = {
  'roles are bound to their stage': [
    ['no path', `${publisherRole}/Path`, undefined, ': is not bound to its stage'],
    ['the path of another stage', 'ReleaseRole/Path', '/orderly/dev/', ': is not bound to its stage'],
    ['no boundary', `${publisherRole}/PermissionsBoundary`, undefined, ': is not bound to its stage'],
  ],
  'no policy allows a wildcard action': [
    ['all of a service', `${statements}/0/Action`, 'logs:*', ': allows logs:*'],
    ['all but some', `${statements}/0/NotAction`, 'logs:GetLogEvents', ': allows all but some actions'],
    [
      'a managed policy',
      `${publisherRole}/ManagedPolicyArns`,
      ['arn:aws:iam::aws:policy/AmazonSQSFullAccess'],
      ': has a managed policy, which allows more than the function needs',
    ],
  ],
  'no policy allows a wildcard resource that is not listed': [
    ['everything', `${statements}/0/Resource`, '*', ': allows logs:PutLogEvents on *'],
    [
      'the logs of all functions',
      `${statements}/0/Resource`,
      { 'Fn::Sub': 'arn:aws:logs:eu-central-1:*:log-group:/aws/lambda/*:*:*' },
      ': allows logs:PutLogEvents on arn:aws:logs:eu-central-1:*:log-group:/aws/lambda/*:*:*',
    ],
    [
      'a text that is joined',
      `${statements}/0/Resource`,
      { 'Fn::Join': [':', ['arn', '*']] },
      ': allows logs:PutLogEvents on {"Fn::Join":[":",["arn","*"]]}',
    ],
    [
      'all but some',
      `${statements}/0/NotResource`,
      'arn:aws:s3:::secret',
      ': allows something on all but some resources',
    ],
  ],
  'every function has a role of its own, and no role is unused': [
    ['a shared role', `${reader}/Role/Fn::GetAtt/0`, publisherRole, `: shares ${publisherRole}`],
    [
      'an unused role',
      `${reader}/Role/Fn::GetAtt/0`,
      publisherRole,
      'GetDashorderIamRoleLambdaExecution: is used by nothing',
    ],
    [
      'a role of another stack',
      `${reader}/Role`,
      'arn:aws:iam::111122223333:role/any',
      ': has a role from elsewhere',
    ],
  ],
  'no function creates log groups, or brings back removed ones': [
    ['a role that may', `${statements}/0/Action/0`, 'logs:CreateLogGroup', ': may create log groups'],
  ],
  'queues have a dead-letter queue': [
    ['none', 'Subscription/RedrivePolicy', undefined, ': has no dead-letter queue'],
    [
      'one that is no FIFO queue',
      'SubscriptionFailures/FifoQueue',
      undefined,
      'Subscription: has a dead-letter queue of another kind',
    ],
    [
      'a function that consumes a dead-letter queue',
      `${consumed}/EventSourceArn/Fn::GetAtt/0`,
      'ParkedEvents',
      ': consumes ParkedEvents, which has no dead-letter queue',
    ],
  ],
  'queues hide a message for six timeouts of its function': [
    [
      'a slower function',
      `${consumer}/Timeout`,
      16,
      `Subscription: is visible again too early for the function of ${consumed}`,
    ],
    [
      "SQS's own 30 seconds",
      'Subscription/VisibilityTimeout',
      undefined,
      `: is visible again too early for the function of ${consumed}`,
    ],
  ],
  'queues keep messages for 14 days': [
    ["SQS's own 4 days", 'StreamFailures/MessageRetentionPeriod', undefined, ': keeps messages for less'],
  ],
  'queues refuse plain HTTP': [
    ['no policy', 'template/Resources/TopicQueuesPolicy', undefined, 'ParkedEvents: takes plain HTTP'],
    [
      'a policy of other queues',
      'SubscriptionQueuesPolicy/Queues/1',
      undefined,
      'SubscriptionFailures: takes plain HTTP',
    ],
    [
      'a policy that refuses HTTPS',
      'SubscriptionQueuesPolicy/PolicyDocument/Statement/0/Condition/Bool/aws:SecureTransport',
      'true',
      'Subscription: takes plain HTTP',
    ],
  ],
  'queues refuse the functions of other stages': [
    [
      'a policy that refuses another stage',
      'TopicQueuesPolicy/PolicyDocument/Statement/1/Condition/StringNotEquals',
      { 'aws:PrincipalTag/orderly:stage': 'another' },
      'ParkedEvents: takes what another stage sends',
    ],
    [
      'a policy that refuses people, too',
      'SubscriptionQueuesPolicy/PolicyDocument/Statement/1/Condition/Null',
      undefined,
      'Subscription: takes what another stage sends',
    ],
  ],
  'queues are for the roles of their account only': [
    [
      'everybody',
      'TopicQueuesPolicy/PolicyDocument/Statement/0/Effect',
      'Allow',
      ': lets in others than the roles of the account',
    ],
  ],
  'event sources take partial batch answers': [
    ['a queue', `${consumed}/FunctionResponseTypes`, undefined, ': takes a batch as one'],
    ['a stream', `${stream}/FunctionResponseTypes`, [], ': takes a batch as one'],
  ],
  'event sources retry within bounds': [
    [
      'a queue that gives up at once',
      'Subscription/RedrivePolicy/maxReceiveCount',
      1,
      `${consumed}: Subscription bounds no retries`,
    ],
    [
      'a stream that may give up long before its records are too old',
      `${stream}/MaximumRetryAttempts`,
      1000,
      tooLong,
    ],
    [
      'a stream that retries until its records are gone',
      `${stream}/MaximumRecordAgeInSeconds`,
      86400,
      tooLong,
    ],
  ],
  "consumers know their queue's maxReceiveCount": [
    [
      'a queue that gives up sooner',
      'Subscription/RedrivePolicy/maxReceiveCount',
      3,
      `${consumed}: MAX_RECEIVE_COUNT is 5, maxReceiveCount of Subscription is 3`,
    ],
    [
      'a function that is not told',
      `${consumer}/Environment/Variables/MAX_RECEIVE_COUNT`,
      undefined,
      `${consumed}: MAX_RECEIVE_COUNT is undefined, maxReceiveCount of Subscription is 5`,
    ],
  ],
  'streams are bisected on errors': [
    ['off', `${stream}/BisectBatchOnFunctionError`, undefined, ': does not bisect'],
  ],
  'streams have an on-failure queue': [
    ['none', `${stream}/DestinationConfig`, undefined, ': has no on-failure queue'],
    [
      'a role that may not send',
      `${publisherRole}/Policies`,
      [],
      `${stream}: ${publisherRole} may not send to the queue`,
    ],
  ],
  'consumers have a maximum concurrency': [
    ['none', `${consumed}/ScalingConfig`, undefined, ': has no maximum concurrency'],
  ],
  'tables can be restored to a point in time': [
    [
      'off',
      'Table/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled',
      false,
      ': has no point-in-time recovery',
    ],
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
    ['no table', 'Table/SSESpecification', undefined, ': is not encrypted'],
    ['no queue', 'ParkedEvents/KmsMasterKeyId', undefined, ': is not encrypted'],
    ['what a deploy uploads', 'ServerlessDeploymentBucket/BucketEncryption', undefined, ': is not encrypted'],
    [
      'no alarm topic',
      'template/Resources/AlarmTopic',
      { Type: 'AWS::SNS::Topic', Properties: {} },
      ': is not encrypted',
    ],
    [
      'a queue in two ways',
      'StreamFailures/SqsManagedSseEnabled',
      true,
      ': is encrypted in two ways, which SQS refuses',
    ],
  ],
  'data at rest have the key of the stage, if it has one': [
    ['a table', 'Table/SSESpecification', { SSEEnabled: true }, otherKey],
    ['a queue', 'Subscription/KmsMasterKeyId', 'alias/aws/sqs', otherKey],
    ['a log', `${readerLog}/KmsKeyId`, undefined, otherKey],
    ['an environment', `${reader}/KmsKeyArn`, undefined, otherKey],
    ['a key in a stage without', 'kmsKey', '', 'SubscriptionFailures: has another key than the stage'],
  ],
  'functions may use the key for what they do, and for nothing else': [
    [
      'a reader that may not',
      statements,
      [{ Effect: 'Allow', Action: 'dynamodb:GetRecords', Resource: 'any' }],
      ': needs kms:Decrypt by dynamodb',
    ],
    [
      'a sender that may not',
      statements,
      [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'any' }],
      ': needs kms:GenerateDataKey by sqs',
    ],
    [
      'a consumer that may not',
      statements,
      [{ Effect: 'Allow', Action: 'sqs:ReceiveMessage', Resource: 'any' }],
      ': needs kms:Decrypt by sqs',
    ],
    [
      'the key itself',
      `${statements}/0`,
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: 'any' },
      ': does not need kms:Decrypt in any way with another key',
    ],
    ['another key', 'kmsKey', 'any', `${publisherRole}: does not need kms:Decrypt by sqs with another key`],
    [
      'a key in a stage without',
      'kmsKey',
      '',
      `${publisherRole}: does not need kms:Decrypt by sqs with another key`,
    ],
  ],
  'functions run on arm64': [
    ["Lambda's own x86", `${reader}/Architectures`, undefined, ': does not run on arm64'],
  ],
  'functions are traced': [
    ['off', `${reader}/TracingConfig`, undefined, ': sends no traces'],
    [
      'a role that may not',
      `${publisherRole}/Policies`,
      [],
      'PublishDasheventsLambdaFunction: sends no traces',
    ],
  ],
  'functions log at the level of their stage': [
    [
      "Lambda's own",
      `${reader}/LoggingConfig/ApplicationLogLevel`,
      undefined,
      ': does not log at the level of its stage',
    ],
    [
      'another one',
      `${reader}/Environment/Variables/POWERTOOLS_LOG_LEVEL`,
      'DEBUG',
      ': does not log at the level of its stage',
    ],
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
    [
      'a route without',
      'HttpApiStage/RouteSettings/$default',
      undefined,
      'HttpApiRouteDefault: is not throttled',
    ],
  ],
  'routes are there before their limits': [
    [
      'any order',
      'template/Resources/HttpApiStage/DependsOn',
      [],
      'HttpApiRouteDefault: is not made before HttpApiStage',
    ],
  ],
  'preflight requests reach the fallback, and no token is asked of them': [
    [
      'a route for every method',
      'HttpApiRouteGetOrders/RouteKey',
      'ANY /orders',
      ': takes preflight requests',
    ],
    [
      'an authorizer',
      'HttpApiRouteDefault/AuthorizationType',
      'JWT',
      ': asks browsers for a token before they can show one',
    ],
  ],
  'browsers call APIs from pages of named origins only, without their cookies': [
    [
      'any origin',
      'HttpApi/CorsConfiguration',
      { AllowOrigins: ['*'] },
      ': lets in pages that it should not',
    ],
    [
      'cookies',
      'HttpApi/CorsConfiguration',
      { AllowOrigins: ['https://shop.example.com'], AllowCredentials: true },
      ': lets in pages that it should not',
    ],
  ],
  'routes of prod ask for a token with one of their scopes': [
    ['none', 'HttpApiRouteGetOrders/AuthorizationType', undefined, openRoute],
    ['no authorizer', 'HttpApiRouteGetOrders/AuthorizerId/Ref', 'HttpApi', openRoute],
    ['any scope', 'HttpApiRouteGetOrders/AuthorizationScopes', undefined, openRoute],
    [
      'any audience',
      'HttpApiAuthorizerJwt/JwtConfiguration/Audience',
      [],
      'HttpApiRouteGetOrders: lets in callers without a token of the issuer that has a scope of the route',
    ],
    [
      'no issuer',
      'HttpApiAuthorizerJwt/JwtConfiguration/Issuer',
      '',
      'HttpApiRouteGetOrders: lets in callers without a token of the issuer that has a scope of the route',
    ],
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
    [
      'an import',
      'Table/TableName',
      { 'Fn::ImportValue': 'sls-inventory-prod-TableName' },
      ': imports from another stack',
    ],
  ],
};

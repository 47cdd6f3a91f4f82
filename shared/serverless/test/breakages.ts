import type { RuleName } from './rules/index.ts';

export const resource = (id: string, path: string): string => `template/Resources/${id}/${path}`;
export const property = (id: string, path: string): string => resource(id, `Properties/${path}`);
const statements = 'Policies/0/PolicyDocument/Statement';
const statement = (path: string): string => property(publisherRole, `${statements}/0/${path}`);
const consumed = 'FollowDashinventoryEventSourceMappingSQSSubscription';
export const stream = 'PublishDasheventsEventSourceMappingDynamodbTable';
const openRoute =
  'HttpApiRouteGetOrders: lets in callers without a token of the issuer that has a scope of the route';
const publisherRole = 'PublishDasheventsIamRoleLambdaExecution';
const kept = 'is deleted with its stack, or stays when its first deploy fails';
const otherKey = 'has another key than the stage';

/** A path in the package of orders for prod, what it is set to there (undefined: deleted), and what is found then. */
export type Breakage = readonly [what: string, path: string, value: unknown, finding: string];

/** How each rule is broken. */
export const breakages: Readonly<Record<RuleName, readonly Breakage[]>> = {
  'roles are bound to their stage': [
    ['no path', property(publisherRole, 'Path'), undefined, `${publisherRole}: is not bound to its stage`],
    [
      'the path of another stage',
      property('ReleaseRole', 'Path'),
      '/orderly/dev/',
      'ReleaseRole: is not bound to its stage',
    ],
    [
      'no boundary',
      property(publisherRole, 'PermissionsBoundary'),
      undefined,
      `${publisherRole}: is not bound to its stage`,
    ],
  ],
  'no policy allows a wildcard action': [
    ['all of a service', statement('Action'), 'logs:*', `${publisherRole}: allows logs:*`],
    [
      'all but some',
      statement('NotAction'),
      'logs:GetLogEvents',
      `${publisherRole}: allows all but some actions`,
    ],
    [
      'a managed policy',
      property(publisherRole, 'ManagedPolicyArns'),
      ['arn:aws:iam::aws:policy/AmazonSQSFullAccess'],
      `${publisherRole}: has a managed policy, which allows more than the function needs`,
    ],
  ],
  'no policy allows a wildcard resource that is not listed': [
    ['everything', statement('Resource'), '*', `${publisherRole}: allows logs:PutLogEvents on *`],
    [
      'the logs of all functions',
      statement('Resource'),
      { 'Fn::Sub': 'arn:aws:logs:eu-central-1:*:log-group:/aws/lambda/*:*:*' },
      `${publisherRole}: allows logs:PutLogEvents on arn:aws:logs:eu-central-1:*:log-group:/aws/lambda/*:*:*`,
    ],
    [
      'a text that is joined',
      statement('Resource'),
      { 'Fn::Join': [':', ['arn', '*']] },
      `${publisherRole}: allows logs:PutLogEvents on {"Fn::Join":[":",["arn","*"]]}`,
    ],
    [
      'all but some',
      statement('NotResource'),
      'arn:aws:s3:::secret',
      `${publisherRole}: allows something on all but some resources`,
    ],
  ],
  'every function has a role of its own, and no role is unused': [
    [
      'a shared role',
      property('GetDashorderLambdaFunction', 'Role/Fn::GetAtt/0'),
      publisherRole,
      `GetDashorderLambdaFunction: shares ${publisherRole}`,
    ],
    [
      'an unused role',
      property('GetDashorderLambdaFunction', 'Role/Fn::GetAtt/0'),
      publisherRole,
      'GetDashorderIamRoleLambdaExecution: is used by nothing',
    ],
    [
      'a role of another stack',
      property('GetDashorderLambdaFunction', 'Role'),
      'arn:aws:iam::111122223333:role/any',
      'GetDashorderLambdaFunction: has a role from elsewhere',
    ],
  ],
  'no function creates log groups, or brings back removed ones': [
    [
      'a role that may',
      statement('Action/0'),
      'logs:CreateLogGroup',
      `${publisherRole}: may create log groups`,
    ],
  ],
  'queues have a dead-letter queue': [
    ['none', property('Subscription', 'RedrivePolicy'), undefined, 'Subscription: has no dead-letter queue'],
    [
      'one that is no FIFO queue',
      property('SubscriptionFailures', 'FifoQueue'),
      undefined,
      'Subscription: has a dead-letter queue of another kind',
    ],
    [
      'a function that consumes a dead-letter queue',
      property(consumed, 'EventSourceArn/Fn::GetAtt/0'),
      'ParkedEvents',
      `${consumed}: consumes ParkedEvents, which has no dead-letter queue`,
    ],
  ],
  'queues hide a message for six timeouts of its function': [
    [
      'a slower function',
      property('FollowDashinventoryLambdaFunction', 'Timeout'),
      16,
      `Subscription: is visible again too early for the function of ${consumed}`,
    ],
    [
      "SQS's own 30 seconds",
      property('Subscription', 'VisibilityTimeout'),
      undefined,
      `Subscription: is visible again too early for the function of ${consumed}`,
    ],
  ],
  'queues keep messages for 14 days': [
    [
      "SQS's own 4 days",
      property('StreamFailures', 'MessageRetentionPeriod'),
      undefined,
      'StreamFailures: keeps messages for less',
    ],
  ],
  'queues refuse plain HTTP': [
    ['no policy', 'template/Resources/TopicQueuesPolicy', undefined, 'ParkedEvents: takes plain HTTP'],
    [
      'a policy of other queues',
      property('SubscriptionQueuesPolicy', 'Queues/1'),
      undefined,
      'SubscriptionFailures: takes plain HTTP',
    ],
    [
      'a policy that refuses HTTPS',
      property('SubscriptionQueuesPolicy', 'PolicyDocument/Statement/0/Condition/Bool/aws:SecureTransport'),
      'true',
      'Subscription: takes plain HTTP',
    ],
  ],
  'queues refuse the functions of other stages': [
    [
      'a policy that refuses another stage',
      property('TopicQueuesPolicy', 'PolicyDocument/Statement/1/Condition/StringNotEquals'),
      { 'aws:PrincipalTag/orderly:stage': 'another' },
      'ParkedEvents: takes what another stage sends',
    ],
    [
      'a policy that refuses people, too',
      property('SubscriptionQueuesPolicy', 'PolicyDocument/Statement/1/Condition/Null'),
      undefined,
      'Subscription: takes what another stage sends',
    ],
  ],
  'queues are for the roles of their account only': [
    [
      'everybody',
      property('TopicQueuesPolicy', 'PolicyDocument/Statement/0/Effect'),
      'Allow',
      'TopicQueuesPolicy: lets in others than the roles of the account',
    ],
  ],
  'event sources take partial batch answers': [
    ['a queue', property(consumed, 'FunctionResponseTypes'), undefined, `${consumed}: takes a batch as one`],
    ['a stream', property(stream, 'FunctionResponseTypes'), [], `${stream}: takes a batch as one`],
  ],
  'event sources retry within bounds': [
    [
      'a queue that gives up at once',
      property('Subscription', 'RedrivePolicy/maxReceiveCount'),
      1,
      `${consumed}: Subscription bounds no retries`,
    ],
    [
      'a stream that may give up long before its records are too old',
      property(stream, 'MaximumRetryAttempts'),
      1000,
      `${stream}: does not retry for as long as it says, or longer than a record lives`,
    ],
    [
      'a stream that retries until its records are gone',
      property(stream, 'MaximumRecordAgeInSeconds'),
      86_400,
      `${stream}: does not retry for as long as it says, or longer than a record lives`,
    ],
  ],
  "consumers know their queue's maxReceiveCount": [
    [
      'a queue that gives up sooner',
      property('Subscription', 'RedrivePolicy/maxReceiveCount'),
      3,
      `${consumed}: MAX_RECEIVE_COUNT is 5, maxReceiveCount of Subscription is 3`,
    ],
    [
      'a function that is not told',
      property('FollowDashinventoryLambdaFunction', 'Environment/Variables/MAX_RECEIVE_COUNT'),
      undefined,
      `${consumed}: MAX_RECEIVE_COUNT is undefined, maxReceiveCount of Subscription is 5`,
    ],
  ],
  'streams are bisected on errors': [
    ['off', property(stream, 'BisectBatchOnFunctionError'), undefined, `${stream}: does not bisect`],
  ],
  'streams have an on-failure queue': [
    ['none', property(stream, 'DestinationConfig'), undefined, `${stream}: has no on-failure queue`],
    [
      'a role that may not send',
      property(publisherRole, 'Policies'),
      [],
      `${stream}: ${publisherRole} may not send to the queue`,
    ],
  ],
  'consumers have a maximum concurrency': [
    ['none', property(consumed, 'ScalingConfig'), undefined, `${consumed}: has no maximum concurrency`],
  ],
  'tables can be restored to a point in time': [
    [
      'off',
      property('Table', 'PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled'),
      false,
      'Table: has no point-in-time recovery',
    ],
  ],
  'tables are paid on demand': [
    ['provisioned', property('Table', 'BillingMode'), 'PROVISIONED', 'Table: is provisioned'],
  ],
  'tables and logs of prod outlive their stack, but not a first deploy that fails': [
    ['deleted with the stack', resource('Table', 'DeletionPolicy'), 'Delete', `Table: ${kept}`],
    ['kept by a first deploy that fails', resource('Table', 'DeletionPolicy'), 'Retain', `Table: ${kept}`],
    ['deleted when replaced', resource('Table', 'UpdateReplacePolicy'), undefined, `Table: ${kept}`],
    [
      'logs deleted with the stack',
      resource('GetDashorderLogGroup', 'DeletionPolicy'),
      undefined,
      `GetDashorderLogGroup: ${kept}`,
    ],
  ],
  'tables are protected from deletion only when their stack stands': [
    [
      'in the template',
      property('Table', 'DeletionProtectionEnabled'),
      true,
      'Table: is protected before its stack stands',
    ],
  ],
  'data at rest are encrypted': [
    ['no table', property('Table', 'SSESpecification'), undefined, 'Table: is not encrypted'],
    ['no queue', property('ParkedEvents', 'KmsMasterKeyId'), undefined, 'ParkedEvents: is not encrypted'],
    [
      'what a deploy uploads',
      property('ServerlessDeploymentBucket', 'BucketEncryption'),
      undefined,
      'ServerlessDeploymentBucket: is not encrypted',
    ],
    [
      'no alarm topic',
      'template/Resources/AlarmTopic',
      { Type: 'AWS::SNS::Topic', Properties: {} },
      'AlarmTopic: is not encrypted',
    ],
    [
      'a queue in two ways',
      property('StreamFailures', 'SqsManagedSseEnabled'),
      true,
      'StreamFailures: is encrypted in two ways, which SQS refuses',
    ],
  ],
  'data at rest have the key of the stage, if it has one': [
    ['a table', property('Table', 'SSESpecification'), { SSEEnabled: true }, `Table: ${otherKey}`],
    ['a queue', property('Subscription', 'KmsMasterKeyId'), 'alias/aws/sqs', `Subscription: ${otherKey}`],
    ['a log', property('GetDashorderLogGroup', 'KmsKeyId'), undefined, `GetDashorderLogGroup: ${otherKey}`],
    [
      'an environment',
      property('GetDashorderLambdaFunction', 'KmsKeyArn'),
      undefined,
      `GetDashorderLambdaFunction: ${otherKey}`,
    ],
    ['a key in a stage without', 'kmsKey', '', `SubscriptionFailures: ${otherKey}`],
  ],
  'functions may use the key for what they do, and for nothing else': [
    [
      'a reader that may not',
      property(publisherRole, statements),
      [{ Effect: 'Allow', Action: 'dynamodb:GetRecords', Resource: 'any' }],
      `${publisherRole}: needs kms:Decrypt by dynamodb`,
    ],
    [
      'a sender that may not',
      property(publisherRole, statements),
      [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'any' }],
      `${publisherRole}: needs kms:GenerateDataKey by sqs`,
    ],
    [
      'a consumer that may not',
      property(publisherRole, statements),
      [{ Effect: 'Allow', Action: 'sqs:ReceiveMessage', Resource: 'any' }],
      `${publisherRole}: needs kms:Decrypt by sqs`,
    ],
    [
      'the key itself',
      property(publisherRole, `${statements}/0`),
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: 'any' },
      `${publisherRole}: does not need kms:Decrypt in any way with another key`,
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
    [
      "Lambda's own x86",
      property('GetDashorderLambdaFunction', 'Architectures'),
      undefined,
      'GetDashorderLambdaFunction: does not run on arm64',
    ],
  ],
  'functions are traced': [
    [
      'off',
      property('GetDashorderLambdaFunction', 'TracingConfig'),
      undefined,
      'GetDashorderLambdaFunction: sends no traces',
    ],
    [
      'a role that may not',
      property(publisherRole, 'Policies'),
      [],
      'PublishDasheventsLambdaFunction: sends no traces',
    ],
  ],
  'functions log at the level of their stage': [
    [
      "Lambda's own",
      property('GetDashorderLambdaFunction', 'LoggingConfig/ApplicationLogLevel'),
      undefined,
      'GetDashorderLambdaFunction: does not log at the level of its stage',
    ],
    [
      'another one',
      property('GetDashorderLambdaFunction', 'Environment/Variables/POWERTOOLS_LOG_LEVEL'),
      'DEBUG',
      'GetDashorderLambdaFunction: does not log at the level of its stage',
    ],
  ],
  'functions have a log group in the stack': [
    [
      'none',
      'template/Resources/GetDashorderLogGroup',
      undefined,
      'GetDashorderLambdaFunction: has no log group in the stack',
    ],
  ],
  'log groups have a retention': [
    [
      'none',
      property('GetDashorderLogGroup', 'RetentionInDays'),
      undefined,
      'GetDashorderLogGroup: keeps logs for ever',
    ],
  ],
  'functions outlast the calls that they make': [
    [
      'a route',
      property('GetDashorderLambdaFunction', 'Timeout'),
      3,
      'GetDashorderLambdaFunction: ends before a call that it makes',
    ],
    [
      'a consumer',
      property('FollowDashinventoryLambdaFunction', 'Timeout'),
      5,
      'FollowDashinventoryLambdaFunction: ends before a call that it makes',
    ],
  ],
  'routes are throttled': [
    [
      'no default',
      property('HttpApiStage', 'DefaultRouteSettings'),
      undefined,
      'HttpApiStage: is not throttled',
    ],
    [
      'a route without',
      property('HttpApiStage', 'RouteSettings/$default'),
      undefined,
      'HttpApiRouteDefault: is not throttled',
    ],
  ],
  'routes are there before their limits': [
    [
      'any order',
      resource('HttpApiStage', 'DependsOn'),
      [],
      'HttpApiRouteDefault: is not made before HttpApiStage',
    ],
  ],
  'preflight requests reach the fallback, and no token is asked of them': [
    [
      'a route for every method',
      property('HttpApiRouteGetOrders', 'RouteKey'),
      'ANY /orders',
      'HttpApiRouteGetOrders: takes preflight requests',
    ],
    [
      'an authorizer',
      property('HttpApiRouteDefault', 'AuthorizationType'),
      'JWT',
      'HttpApiRouteDefault: asks browsers for a token before they can show one',
    ],
  ],
  'browsers call APIs from pages of named origins only, without their cookies': [
    [
      'any origin',
      property('HttpApi', 'CorsConfiguration'),
      { AllowOrigins: ['*'] },
      'HttpApi: lets in pages that it should not',
    ],
    [
      'cookies',
      property('HttpApi', 'CorsConfiguration'),
      { AllowOrigins: ['https://shop.example.com'], AllowCredentials: true },
      'HttpApi: lets in pages that it should not',
    ],
  ],
  'routes of prod ask for a token with one of their scopes': [
    ['none', property('HttpApiRouteGetOrders', 'AuthorizationType'), undefined, openRoute],
    ['no authorizer', property('HttpApiRouteGetOrders', 'AuthorizerId/Ref'), 'HttpApi', openRoute],
    ['any scope', property('HttpApiRouteGetOrders', 'AuthorizationScopes'), undefined, openRoute],
    ['any audience', property('HttpApiAuthorizerJwt', 'JwtConfiguration/Audience'), [], openRoute],
    ['no issuer', property('HttpApiAuthorizerJwt', 'JwtConfiguration/Issuer'), '', openRoute],
  ],
  'functions of prod answer nobody without claims': [
    [
      'no issuer',
      property('GetDashorderLambdaFunction', 'Environment/Variables/JWT_ISSUER'),
      '',
      'GetDashorderLambdaFunction: takes the stage for an open one',
    ],
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
      property('Table', 'TableName'),
      { 'Fn::ImportValue': 'sls-inventory-prod-TableName' },
      'Table: imports from another stack',
    ],
  ],
};

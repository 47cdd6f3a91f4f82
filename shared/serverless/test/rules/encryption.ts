import { at, findings, functionsOf, idOf, list, ofType, type Rule, type Rules, type Stack } from './rule.ts';
import { actionsOf, allowances } from './statements.ts';

/** What says of each kind of store that it is encrypted; log groups and functions always are. */
const encryption: Readonly<Record<string, (properties: object) => unknown>> = {
  'AWS::DynamoDB::Table': (table) => at(table, 'SSESpecification', 'SSEEnabled') === true,
  'AWS::SQS::Queue': (queue) =>
    at(queue, 'SqsManagedSseEnabled') === true || at(queue, 'KmsMasterKeyId') !== undefined,
  'AWS::SNS::Topic': (topic) => at(topic, 'KmsMasterKeyId') !== undefined,
  'AWS::S3::Bucket': (bucket) =>
    list(at(bucket, 'BucketEncryption', 'ServerSideEncryptionConfiguration')).length > 0,
};

/** Where each kind of store has its key. */
const keys: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['SSESpecification', 'KMSMasterKeyId'],
  'AWS::SQS::Queue': ['KmsMasterKeyId'],
  'AWS::Logs::LogGroup': ['KmsKeyId'],
  'AWS::Lambda::Function': ['KmsKeyArn'],
};

const areEncrypted: Rule = ({ template }) => [
  ...Object.entries(encryption).flatMap(([type, isEncrypted]) =>
    findings(ofType(template, type), (store) => !isEncrypted(store), 'is not encrypted'),
  ),
  ...findings(
    ofType(template, 'AWS::SQS::Queue'),
    (queue) => queue.SqsManagedSseEnabled === true && queue.KmsMasterKeyId !== undefined,
    'is encrypted in two ways, which SQS refuses',
  ),
];

const haveTheKeyOfTheStage: Rule = ({ template, kmsKey }) =>
  Object.entries(keys).flatMap(([type, path]) =>
    findings(
      ofType(template, type),
      (store) => (at(store, ...path) ?? '') !== kmsKey,
      'has another key than the stage',
    ),
  );

/** What a role may do with keys, each by way of a service that does it for who calls it. */
const usesGranted = ({ template, kmsKey }: Stack, role: string): string[] =>
  allowances(template)
    .filter(({ owner }) => owner === role)
    .flatMap((allowed) => {
      const services = list(at(allowed.statement, 'Condition', 'StringEquals', 'kms:ViaService'));
      const ways = services.map((service) => ` by ${String(service).split('.')[0]}`);
      const key = list(allowed.statement.Resource).every((one) => one === kmsKey) ? '' : ' with another key';
      return actionsOf(allowed)
        .filter((action) => action.startsWith('kms:'))
        .flatMap((action) =>
          (ways.length > 0 ? ways : [' in any way']).map((way) => `${action}${way}${key}`),
        );
    });

/**
 * What DynamoDB and SQS do with the key on behalf of who calls them.
 * Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
const usesNeeded = ({ template, kmsKey }: Stack, role: string): string[] => {
  if (kmsKey === '') return [];
  const actions = allowances(template)
    .filter(({ owner }) => owner === role)
    .flatMap(actionsOf);
  return [
    ...(actions.some((action) => action.startsWith('dynamodb:')) ? ['kms:Decrypt by dynamodb'] : []),
    ...(actions.includes('sqs:ReceiveMessage') ? ['kms:Decrypt by sqs'] : []),
    ...(actions.includes('ssm:GetParameter') ? ['kms:Decrypt by ssm'] : []),
    ...(actions.includes('sqs:SendMessage') ? ['kms:Decrypt by sqs', 'kms:GenerateDataKey by sqs'] : []),
  ];
};

const useTheKeyForWhatTheyDo: Rule = (stack) =>
  functionsOf(stack.template)
    .map(([, { Role }]) => idOf(Role))
    .flatMap((role) => {
      const [granted, needed] = [usesGranted(stack, role), usesNeeded(stack, role)];
      return [
        ...needed.filter((use) => !granted.includes(use)).map((use) => `${role}: needs ${use}`),
        ...granted.filter((use) => !needed.includes(use)).map((use) => `${role}: does not need ${use}`),
      ];
    });

export const encryptionRules = {
  'data at rest are encrypted': areEncrypted,
  'data at rest have the key of the stage, if it has one': haveTheKeyOfTheStage,
  'functions may use the key for what they do, and for nothing else': useTheKeyForWhatTheyDo,
} satisfies Rules;

/**
 * Encrypts data at rest with the key of the stage (`kmsKey`, the ARN of a symmetric KMS key); where it is empty, this adds
 * nothing, and AWS encrypts with keys of its own.
 *
 * Tables, queues, log groups, the functions' environment and what a deploy uploads get the key. Each function may use it
 * for what its role lets it do with tables and queues, only by way of DynamoDB and SQS.
 */
const encryption = (serverless) => ({
  initialize: () => {
    const key = keyOf(serverless);
    if (key === '') return;
    const { provider } = serverless.service;
    // For the environment Lambda gives each role a grant, with the permissions of whoever deploys.
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    provider.kmsKeyArn = key;
    // Templates are uploaded, too, and they contain the environment.
    Object.assign(provider.deploymentBucketObject, { serverSideEncryption: 'aws:kms', sseKMSKeyId: key });
  },
  'after:aws:package:finalize:mergeCustomProviderResources': () => {
    const key = keyOf(serverless);
    if (key !== '') encrypt(serverless.service.provider.compiledCloudFormationTemplate, key);
  },
});

function keyOf({ service, classes }) {
  const key = service.custom.settings.kmsKey;
  if (key === '') return key;
  const [, region] = String(key).match(keyArn) ?? [];
  if (region === service.provider.region) return key;
  throw new classes.Error(
    `The parameter kmsKey is the ARN of a KMS key in ${service.provider.region}, such as ` +
      `arn:aws:kms:${service.provider.region}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab, ` +
      `or empty, not "${key}"`,
  );
}

/** No alias: IAM grants the use of keys, and an alias may come to stand for another. */
const keyArn =
  /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

function encrypt({ Resources }, key) {
  for (const { Type, Properties } of Object.values(Resources)) {
    if (Type === 'AWS::DynamoDB::Table') {
      Properties.SSESpecification = { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key };
    } else if (Type === 'AWS::Logs::LogGroup') {
      Properties.KmsKeyId = key;
    } else if (Type === 'AWS::SQS::Queue') {
      // SQS takes one of the two.
      delete Properties.SqsManagedSseEnabled;
      Properties.KmsMasterKeyId = key;
      // Each sender and receiver of a queue asks KMS so often, and a key that is taken away can be used for so long: an hour
      // instead of SQS's five minutes is a twelfth of the requests.
      Properties.KmsDataKeyReusePeriodSeconds = 3600;
    } else if (Type === 'AWS::Lambda::Function') {
      const { Statement } = Resources[Properties.Role['Fn::GetAtt'][0]].Properties.Policies[0].PolicyDocument;
      Statement.push(...usesOf(key, Statement));
    }
  }
}

/**
 * The services ask KMS on behalf of who calls them: DynamoDB decrypts the table's key, SQS makes the key of a message
 * for who sends it, and decrypts it for both sides; Systems Manager decrypts a parameter.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
function usesOf(key, statements) {
  const actions = statements.flatMap(({ Action }) => Action);
  const usesTables = actions.some((action) => action.startsWith('dynamodb:'));
  const sends = actions.includes('sqs:SendMessage');
  const usesQueues = sends || actions.includes('sqs:ReceiveMessage');
  // A parameter may be encrypted with the key of the stage, too.
  const reads = actions.includes('ssm:GetParameter');
  return [
    use(key, 'kms:Decrypt', [
      ...(usesTables ? ['dynamodb'] : []),
      ...(usesQueues ? ['sqs'] : []),
      ...(reads ? ['ssm'] : []),
    ]),
    use(key, 'kms:GenerateDataKey', sends ? ['sqs'] : []),
  ].flat();
}

function use(key, Action, services) {
  if (services.length === 0) return [];
  const [, region] = key.match(keyArn);
  const via = services.map((service) => `${service}.${region}.amazonaws.com`);
  return [{ Effect: 'Allow', Action, Resource: key, Condition: { StringEquals: { 'kms:ViaService': via } } }];
}

module.exports = encryption;

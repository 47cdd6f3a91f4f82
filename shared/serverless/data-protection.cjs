/**
 * Serverless plugin: where `custom.data.deletionPolicy` is Retain, the table and the logs outlive their stack, but for a deploy
 * that creates them and fails: what that left would have the names that the next deploy needs. So the table is protected
 * (`custom.data.deletionProtection`) only when its stack stands: CloudFormation cannot take back a protected table.
 *
 * RetainExceptOnCreate: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 * UpdateReplacePolicy does not know it:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html
 */
class DataProtection {
  constructor(serverless, _options, { log }) {
    const settings = () => serverless.service.custom.data;
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        if (settings().deletionPolicy === 'Retain') retain(serverless);
      },
      'after:deploy:deploy': async () => {
        if (settings().deletionProtection) await protectTable(serverless, log);
      },
    };
  }
}

const kept = new Set(['AWS::DynamoDB::Table', 'AWS::Logs::LogGroup']);

function retain({ service }) {
  for (const resource of Object.values(service.provider.compiledCloudFormationTemplate.Resources)) {
    if (!kept.has(resource.Type)) continue;
    resource.DeletionPolicy = 'RetainExceptOnCreate';
    resource.UpdateReplacePolicy = 'Retain';
  }
}

async function protectTable(serverless, log) {
  // Only a deploy loads it.
  const {
    DescribeTableCommand,
    DynamoDBClient,
    UpdateTableCommand,
    waitUntilTableExists,
  } = require('@aws-sdk/client-dynamodb');
  const TableName = serverless.service.provider.environment.TABLE_NAME;
  const client = new DynamoDBClient(await serverless.getProvider('aws').getAwsSdkV3Config());
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table.DeletionProtectionEnabled) return;
    // A table that is being changed takes no other change.
    await waitUntilTableExists({ client, maxWaitTime: 600 }, { TableName });
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
    log.notice(`The table ${TableName} is protected from deletion`);
  } finally {
    client.destroy();
  }
}

module.exports = DataProtection;

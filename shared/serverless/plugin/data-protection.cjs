/**
 * Keeps data. Where `data.deletionPolicy` is Retain, the table and the logs outlive their stack, except those that a failed
 * deploy has just created: the next deploy needs their names. The table is protected (`data.deletionProtection`) only after
 * its stack is complete, because CloudFormation cannot roll back a protected table.
 *
 * RetainExceptOnCreate: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 * UpdateReplacePolicy does not know it:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html
 */
const dataProtection = (serverless, log) => {
  const settings = () => serverless.service.custom.settings.data;
  return {
    'after:aws:package:finalize:mergeCustomProviderResources': () => {
      if (settings().deletionPolicy === 'Retain') retain(serverless);
    },
    'after:deploy:deploy': async () => {
      if (settings().deletionProtection) await protectTable(serverless, log);
    },
  };
};

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

module.exports = dataProtection;

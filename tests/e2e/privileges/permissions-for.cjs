const { resolve } = require('node:path');

/** Where the calls of the functions under test are written down. */
const recordFile = resolve(__dirname, '../../../.orderly/e2e-calls.txt');

/** A transaction asks for what its parts are. */
const partActions = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 *
 * @param target the header `x-amz-target`, e.g. `AmazonSQS.SendMessageBatch`
 * @returns pairs of IAM action and resource
 */
function permissionsFor(target, input) {
  const [api, operation] = target.split('.');
  if (api === 'AmazonSQS') {
    const queue = input.QueueUrl?.split('/').at(-1) ?? input.QueueName ?? '*';
    return [[`sqs:${operation.replace(/Batch$/, '')}`, queue]];
  }
  if (operation === 'TransactWriteItems')
    return input.TransactItems.flatMap(Object.entries).map(([part, { TableName }]) => [
      `dynamodb:${partActions[part]}`,
      TableName,
    ]);
  const tables = input.RequestItems ? Object.keys(input.RequestItems) : [input.TableName];
  const index = input.IndexName ? `/index/${input.IndexName}` : '';
  return tables.map((table) => [`dynamodb:${operation}`, `${table}${index}`]);
}

module.exports = { permissionsFor, recordFile };

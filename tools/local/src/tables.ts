import type { CreateTableCommandInput, TableDescription } from '@aws-sdk/client-dynamodb';
import type { AwsCall } from '../../aws/call.ts';
import { AwsError } from '../../aws/protocol/error.ts';
import type { JsonObject } from '../../aws/protocol/service.ts';
import type { Properties } from './cloudformation.ts';

export interface TablePlan {
  readonly name: string;
  readonly create: CreateTableCommandInput;
  /** The attribute that holds the time to live, if the table has one. */
  readonly ttlAttribute?: string;
}

const COPIED = [
  'KeySchema',
  'AttributeDefinitions',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
  'BillingMode',
  'ProvisionedThroughput',
] as const;

/**
 * What to create for an AWS::DynamoDB::Table. CloudFormation names these properties as the API
 * does, but for the stream, which the API wants to be enabled by name.
 * @param properties with intrinsic functions resolved
 */
export const planTable = (name: string, properties: Properties): TablePlan => {
  const copied = Object.fromEntries(
    COPIED.flatMap((key) => (key in properties ? [[key, properties[key]]] : [])),
  );
  const stream = properties.StreamSpecification;
  const create = {
    ...copied,
    TableName: name,
    ...(stream ? { StreamSpecification: { ...stream, StreamEnabled: true } } : {}),
  } as CreateTableCommandInput;
  const { AttributeName, Enabled } = Object(properties.TimeToLiveSpecification);
  return { name, create, ...(Enabled ? { ttlAttribute: String(AttributeName) } : {}) };
};

/** @returns undefined where AWS answers with the error of this name */
const unless = async (code: string, answer: Promise<JsonObject>): Promise<JsonObject | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AwsError && error.code === code) return undefined;
    throw error;
  }
};

const describe = async (call: AwsCall, name: string): Promise<TableDescription | undefined> => {
  const found = call('dynamodb', 'DescribeTable', { TableName: name });
  return (await unless('ResourceNotFoundException', found))?.Table as TableDescription | undefined;
};

const createTable = async (call: AwsCall, plan: TablePlan): Promise<void> => {
  const created = await unless('ResourceInUseException', call('dynamodb', 'CreateTable', { ...plan.create }));
  if (created === undefined || plan.ttlAttribute === undefined) return;
  const TimeToLiveSpecification = { AttributeName: plan.ttlAttribute, Enabled: true };
  await call('dynamodb', 'UpdateTimeToLive', { TableName: plan.name, TimeToLiveSpecification });
};

const keyText = (keys: TableDescription['KeySchema']): string =>
  (keys ?? []).map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');

const indexNames = (indexes: readonly { IndexName?: string | undefined }[] | undefined): string =>
  (indexes ?? [])
    .map(({ IndexName }) => IndexName)
    .sort()
    .join(', ');

const assertSame = (plan: TablePlan, table: TableDescription): void => {
  const wanted = `keys ${keyText(plan.create.KeySchema)}; indexes ${indexNames(plan.create.GlobalSecondaryIndexes)}`;
  const present = `keys ${keyText(table.KeySchema)}; indexes ${indexNames(table.GlobalSecondaryIndexes)}`;
  if (wanted === present) return;
  throw new Error(
    `The table ${plan.name} exists with ${present}, but serverless.yml wants ${wanted}. Delete the table, or restart the local DynamoDB.`,
  );
};

const enableStream = async (call: AwsCall, plan: TablePlan): Promise<void> => {
  const { StreamSpecification } = plan.create;
  await call('dynamodb', 'UpdateTable', { TableName: plan.name, StreamSpecification });
};

/**
 * Creates the table, or turns on the stream of an existing one that lacks it.
 * @throws Error that names the table when it exists with other keys or indexes
 */
export const ensureTable = async (call: AwsCall, plan: TablePlan): Promise<TableDescription> => {
  const existing = await describe(call, plan.name);
  if (!existing) await createTable(call, plan);
  else {
    assertSame(plan, existing);
    const streams = existing.StreamSpecification?.StreamEnabled ?? false;
    if (plan.create.StreamSpecification && !streams) await enableStream(call, plan);
  }
  const table = await describe(call, plan.name);
  if (!table) throw new Error(`DynamoDB created ${plan.name} but does not know it.`);
  return table;
};

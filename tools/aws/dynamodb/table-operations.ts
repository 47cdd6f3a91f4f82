import type { Database, Operation } from './database.ts';
import { invalidParameter, resourceInUse, validationException } from './errors.ts';
import {
  boundedText,
  flag,
  integer,
  list,
  optional,
  required,
  resourceName,
  structure,
  tableName,
} from './request.ts';
import { Table } from './table.ts';
import {
  attributeDefinitions,
  billingMode,
  checkAttributes,
  checkIndexes,
  createTableRequest,
  globalIndex,
  readGlobalIndex,
  readTableDefinition,
  streamSpecification,
  tableClass,
  throughput,
} from './table-definition.ts';
import { describeTable as describe } from './table-description.ts';

type StreamSpecification = ReturnType<typeof streamSpecification>;

const viewTypeOf = ({ StreamViewType }: StreamSpecification) => {
  if (StreamViewType === undefined)
    throw invalidParameter('StreamViewType is required when StreamEnabled is true');
  return StreamViewType;
};

export const createTable: Operation = (database, input) => {
  const request = createTableRequest(input, '');
  const definition = readTableDefinition(request);
  if (database.tables.has(definition.name)) throw resourceInUse(`Table already exists: ${definition.name}`);
  const table = new Table(definition, database.context);
  if (request.StreamSpecification?.StreamEnabled) {
    const viewType = viewTypeOf(request.StreamSpecification);
    table.enableStream(viewType, database.latestStreamAt);
  } else if (request.StreamSpecification?.StreamViewType)
    throw invalidParameter('StreamViewType cannot be specified when StreamEnabled is false');
  database.addTable(table);
  if (request.Tags) database.tag(table.arn, new Map(request.Tags.map(({ Key, Value }) => [Key, Value])));
  return { TableDescription: describe(table) };
};

const tableRequest = (operation: string) => structure(operation, { TableName: required(tableName) });

const describeTableRequest = tableRequest('DescribeTable');

export const describeTable: Operation = (database, input) => ({
  Table: describe(database.namedTable(describeTableRequest(input, '').TableName)),
});

const listTablesRequest = structure('ListTables', {
  ExclusiveStartTableName: optional(resourceName),
  Limit: optional(integer(1, 100)),
});

export const listTables: Operation = (database, input) => {
  const { ExclusiveStartTableName: start, Limit = 100 } = listTablesRequest(input, '');
  const names = [...database.tables.keys()].sort().filter((name) => start === undefined || name > start);
  const page = names.slice(0, Limit);
  return {
    TableNames: page,
    ...(page.length < names.length && { LastEvaluatedTableName: page.at(-1) }),
  };
};

const deleteTableRequest = tableRequest('DeleteTable');

export const deleteTable: Operation = (database, input) => {
  const table = database.namedTable(deleteTableRequest(input, '').TableName);
  if (table.deletionProtection)
    throw validationException(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  const description = describe(table, 'DELETING');
  database.removeTable(table);
  return { TableDescription: description };
};

const indexUpdate = structure('GlobalSecondaryIndexUpdate', {
  Create: optional(globalIndex),
  Update: optional(
    structure('UpdateGlobalSecondaryIndexAction', {
      IndexName: required(resourceName),
      ProvisionedThroughput: required(throughput),
    }),
  ),
  Delete: optional(structure('DeleteGlobalSecondaryIndexAction', { IndexName: required(resourceName) })),
});
type IndexUpdate = ReturnType<typeof indexUpdate>;

const updateTableRequest = structure('UpdateTable', {
  TableName: required(tableName),
  AttributeDefinitions: optional(attributeDefinitions),
  BillingMode: optional(billingMode),
  ProvisionedThroughput: optional(throughput),
  GlobalSecondaryIndexUpdates: optional(list(indexUpdate)),
  StreamSpecification: optional(streamSpecification),
  DeletionProtectionEnabled: optional(flag),
  TableClass: optional(tableClass),
});
type UpdateTableRequest = ReturnType<typeof updateTableRequest>;

const updateStream = (database: Database, table: Table, specification: StreamSpecification): void => {
  const { stream } = table;
  if (!specification.StreamEnabled) {
    if (!stream?.isEnabled) throw validationException('Table has no stream to disable');
    stream.disable();
    return;
  }
  const viewType = viewTypeOf(specification);
  if (stream?.isEnabled)
    throw validationException(`Table already has an enabled stream: TableName: ${table.name}`);
  database.addStream(table.enableStream(viewType, database.latestStreamAt));
};

const updateBilling = (database: Database, table: Table, request: UpdateTableRequest): void => {
  const billing = request.BillingMode ?? table.billingMode;
  const provisioned = request.ProvisionedThroughput;
  if (billing === 'PROVISIONED' && !provisioned && request.BillingMode)
    throw invalidParameter('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
  if (billing === 'PAY_PER_REQUEST' && provisioned)
    throw invalidParameter(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  if (billing === 'PAY_PER_REQUEST' && table.billingMode !== billing)
    table.onDemandSince = database.context.clock.now();
  table.billingMode = billing;
  table.throughput = billing === 'PROVISIONED' ? (provisioned ?? table.throughput) : undefined;
};

const createIndex = (table: Table, update: NonNullable<IndexUpdate['Create']>): void => {
  if (table.hasIndex(update.IndexName))
    throw validationException(`Attempting to create an index which already exists: ${update.IndexName}`);
  const definition = readGlobalIndex(update, table.attributes, table.billingMode);
  checkIndexes([...[...table.indexes].map((index) => index.definition), definition]);
  table.addIndex(definition);
};

const updateIndexes = (table: Table, updates: readonly IndexUpdate[]): void => {
  const names = updates.map(
    ({ Create, Update, Delete }) => Create?.IndexName ?? Update?.IndexName ?? Delete?.IndexName,
  );
  if (names.includes(undefined))
    throw invalidParameter(
      'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null',
    );
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw invalidParameter(
      `Only one global secondary index update per index is allowed simultaneously. Index: ${twice}`,
    );
  for (const { Create, Update, Delete } of updates) {
    if (Create) createIndex(table, Create);
    if (Update) table.provisionIndex(Update.IndexName, Update.ProvisionedThroughput);
    if (Delete) table.removeIndex(Delete.IndexName);
  }
};

/** Attributes that no key has any more are gone, too. */
const updateAttributes = (table: Table, request: UpdateTableRequest): void => {
  const given = request.AttributeDefinitions;
  if (!given) return;
  const others = table.attributes.filter(
    (old) => !given.some(({ AttributeName }) => AttributeName === old.AttributeName),
  );
  table.attributes = [...given, ...others];
};

const keepUsedAttributes = (table: Table): void => {
  const schemas = [table.schema, ...[...table.indexes].map(({ definition }) => definition.schema)];
  const used = new Set(schemas.flatMap(({ hash, range }) => [hash.name, range?.name]));
  table.attributes = table.attributes.filter(({ AttributeName }) => used.has(AttributeName));
  checkAttributes(table.attributes, schemas);
};

export const updateTable: Operation = (database, input) => {
  const request = updateTableRequest(input, '');
  const { TableName, AttributeDefinitions, ...changes } = request;
  if (Object.values(changes).every((change) => change === undefined))
    throw validationException(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
    );
  const table = database.namedTable(TableName);
  if (request.StreamSpecification) updateStream(database, table, request.StreamSpecification);
  if (request.BillingMode || request.ProvisionedThroughput) updateBilling(database, table, request);
  if (request.GlobalSecondaryIndexUpdates) {
    updateAttributes(table, request);
    updateIndexes(table, request.GlobalSecondaryIndexUpdates);
    keepUsedAttributes(table);
  }
  table.deletionProtection = request.DeletionProtectionEnabled ?? table.deletionProtection;
  table.tableClass = request.TableClass ?? table.tableClass;
  return { TableDescription: describe(table) };
};

const timeToLiveSpecification = structure('TimeToLiveSpecification', {
  AttributeName: required(boundedText(1, 255)),
  Enabled: required(flag),
});

const updateTimeToLiveRequest = structure('UpdateTimeToLive', {
  TableName: required(tableName),
  TimeToLiveSpecification: required(timeToLiveSpecification),
});

export const updateTimeToLive: Operation = (database, input) => {
  const request = updateTimeToLiveRequest(input, '');
  const { AttributeName, Enabled } = request.TimeToLiveSpecification;
  const table = database.namedTable(request.TableName);
  const current = table.timeToLiveAttribute;
  if (Enabled === (current !== undefined))
    throw validationException(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  if (current !== undefined && current !== AttributeName)
    throw validationException(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${current}`,
    );
  table.timeToLiveAttribute = Enabled ? AttributeName : undefined;
  return { TimeToLiveSpecification: { AttributeName, Enabled } };
};

const describeTimeToLiveRequest = tableRequest('DescribeTimeToLive');

export const describeTimeToLive: Operation = (database, input) => {
  const table = database.namedTable(describeTimeToLiveRequest(input, '').TableName);
  const attribute = table.timeToLiveAttribute;
  return {
    TimeToLiveDescription:
      attribute === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute },
  };
};

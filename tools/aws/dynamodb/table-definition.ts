import { invalidParameter, limitExceeded, validationException } from './errors.ts';
import { type KeyAttribute, type KeySchema, keyAttributes } from './key-schema.ts';
import { MAX_GLOBAL_INDEXES, MAX_LOCAL_INDEXES, MAX_PROJECTED_ATTRIBUTES } from './limits.ts';
import {
  boundedText,
  flag,
  integer,
  list,
  oneOf,
  optional,
  required,
  resourceName,
  structure,
} from './request.ts';
import type { IndexDefinition, Throughput } from './secondary-index.ts';
import type { AttributeDefinition, BillingMode, TableDefinition } from './table.ts';

/** Readers and rules of what tables and indexes are made of. */

const keySchemaElement = structure('KeySchemaElement', {
  AttributeName: required(boundedText(1, 255)),
  KeyType: required(oneOf('HASH', 'RANGE')),
});

const keySchema = list(keySchemaElement, 1, 2);

const projection = structure('Projection', {
  ProjectionType: optional(oneOf('ALL', 'INCLUDE', 'KEYS_ONLY')),
  NonKeyAttributes: optional(list(boundedText(1, 255), 1, MAX_PROJECTED_ATTRIBUTES)),
});

export const throughput = structure('ProvisionedThroughput', {
  ReadCapacityUnits: required(integer(1)),
  WriteCapacityUnits: required(integer(1)),
});

const indexMembers = {
  IndexName: required(resourceName),
  KeySchema: required(keySchema),
  Projection: required(projection),
} as const;

export const globalIndex = structure('GlobalSecondaryIndex', {
  ...indexMembers,
  ProvisionedThroughput: optional(throughput),
});

export const attributeDefinitions = list(
  structure('AttributeDefinition', {
    AttributeName: required(boundedText(1, 255)),
    AttributeType: required(oneOf('S', 'N', 'B')),
  }),
);

export const streamSpecification = structure('StreamSpecification', {
  StreamEnabled: required(flag),
  StreamViewType: optional(oneOf('NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY')),
});

export const billingMode = oneOf('PROVISIONED', 'PAY_PER_REQUEST');
export const tableClass = oneOf('STANDARD', 'STANDARD_INFREQUENT_ACCESS');

export const tags = list(
  structure('Tag', { Key: required(boundedText(1, 128)), Value: required(boundedText(0, 256)) }),
);

export const createTableRequest = structure('CreateTable', {
  TableName: required(resourceName),
  AttributeDefinitions: required(attributeDefinitions),
  KeySchema: required(keySchema),
  LocalSecondaryIndexes: optional(list(structure('LocalSecondaryIndex', indexMembers))),
  GlobalSecondaryIndexes: optional(list(globalIndex)),
  BillingMode: optional(billingMode),
  ProvisionedThroughput: optional(throughput),
  StreamSpecification: optional(streamSpecification),
  DeletionProtectionEnabled: optional(flag),
  TableClass: optional(tableClass),
  Tags: optional(tags),
});

type CreateTableRequest = ReturnType<typeof createTableRequest>;
export type GlobalIndexRequest = ReturnType<typeof globalIndex>;
type IndexRequest = Omit<GlobalIndexRequest, 'ProvisionedThroughput'>;
type KeySchemaRequest = ReturnType<typeof keySchema>;

const defined = (
  name: string,
  keys: KeySchemaRequest,
  attributes: readonly AttributeDefinition[],
): KeyAttribute => {
  const definition = attributes.find(({ AttributeName }) => AttributeName === name);
  if (definition) return { name, type: definition.AttributeType };
  throw invalidParameter(
    `Some index key attributes are not defined in AttributeDefinitions. Keys: [${keys.map(({ AttributeName }) => AttributeName).join(', ')}], AttributeDefinitions: [${attributes.map(({ AttributeName }) => AttributeName).join(', ')}]`,
  );
};

const readKeySchema = (keys: KeySchemaRequest, attributes: readonly AttributeDefinition[]): KeySchema => {
  const [first, second] = keys;
  if (first?.KeyType !== 'HASH')
    throw validationException('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  if (second && second.KeyType !== 'RANGE')
    throw validationException('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  if (second?.AttributeName === first.AttributeName)
    throw validationException(
      'Both the Hash Key and the Range Key element in the KeySchema have the same name',
    );
  return {
    hash: defined(first.AttributeName, keys, attributes),
    range: second && defined(second.AttributeName, keys, attributes),
  };
};

const readProjection = ({ ProjectionType, NonKeyAttributes }: IndexRequest['Projection']) => {
  if (ProjectionType === undefined) throw invalidParameter('Unknown ProjectionType: null');
  if (NonKeyAttributes && ProjectionType !== 'INCLUDE')
    throw invalidParameter(`ProjectionType is ${ProjectionType}, but NonKeyAttributes is specified`);
  if (!NonKeyAttributes && ProjectionType === 'INCLUDE')
    throw invalidParameter(`ProjectionType is ${ProjectionType}, but NonKeyAttributes is not specified`);
  return { type: ProjectionType, attributes: NonKeyAttributes ?? [] };
};

export const readGlobalIndex = (
  request: GlobalIndexRequest,
  attributes: readonly AttributeDefinition[],
  billing: BillingMode,
): IndexDefinition => {
  const { IndexName: name, ProvisionedThroughput: provisioned } = request;
  if (billing === 'PAY_PER_REQUEST' && provisioned)
    throw invalidParameter(
      `ProvisionedThroughput should not be specified for index: ${name} when BillingMode is PAY_PER_REQUEST`,
    );
  if (billing === 'PROVISIONED' && !provisioned)
    throw invalidParameter(`ProvisionedThroughput must be specified for index: ${name}`);
  const schema = readKeySchema(request.KeySchema, attributes);
  return {
    name,
    global: true,
    schema,
    projection: readProjection(request.Projection),
    throughput: provisioned,
  };
};

const readLocalIndex = (
  request: IndexRequest,
  attributes: readonly AttributeDefinition[],
  table: KeySchema,
): IndexDefinition => {
  const { IndexName: name } = request;
  const schema = readKeySchema(request.KeySchema, attributes);
  if (!table.range)
    throw invalidParameter(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  if (!schema.range) throw invalidParameter(`Index KeySchema does not have a range key for index: ${name}`);
  if (schema.hash.name !== table.hash.name)
    throw invalidParameter(
      `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}. index hash key: ${schema.hash.name}, table hash key: ${table.hash.name}`,
    );
  return {
    name,
    global: false,
    schema,
    projection: readProjection(request.Projection),
    throughput: undefined,
  };
};

/** @throws AwsError ValidationException when there are too many indexes, or two with one name */
export const checkIndexes = (indexes: readonly IndexDefinition[]): void => {
  const names = indexes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalidParameter(`Duplicate index name: ${twice}`);
  const globals = indexes.filter(({ global }) => global).length;
  if (globals > MAX_GLOBAL_INDEXES)
    throw invalidParameter(`GlobalSecondaryIndex count exceeds the per-table limit of ${MAX_GLOBAL_INDEXES}`);
  if (indexes.length - globals > MAX_LOCAL_INDEXES)
    throw invalidParameter(`Number of LocalSecondaryIndexes exceeds per-table limit of ${MAX_LOCAL_INDEXES}`);
  const projected = indexes.reduce((sum, each) => sum + each.projection.attributes.length, 0);
  if (projected > MAX_PROJECTED_ATTRIBUTES)
    throw limitExceeded(
      `Number of projected non-key attributes exceeds the per-table limit of ${MAX_PROJECTED_ATTRIBUTES}`,
    );
};

/** @throws AwsError ValidationException unless each attribute that is defined is a key of the table or an index */
export const checkAttributes = (
  attributes: readonly AttributeDefinition[],
  schemas: readonly KeySchema[],
): void => {
  const used = new Set(schemas.flatMap(keyAttributes).map(({ name }) => name));
  const names = attributes.map(({ AttributeName }) => AttributeName);
  if (new Set(names).size < names.length)
    throw invalidParameter('Duplicate AttributeName in AttributeDefinitions');
  if (names.every((name) => used.has(name))) return;
  if (schemas.length === 1)
    throw invalidParameter(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  throw invalidParameter(
    `Some AttributeDefinitions are not used. AttributeDefinitions: [${names.join(', ')}], keys used: [${[...used].join(', ')}]`,
  );
};

const checkThroughput = (billing: BillingMode, provisioned: Throughput | undefined): void => {
  if (billing === 'PAY_PER_REQUEST' && provisioned)
    throw invalidParameter(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  if (billing === 'PROVISIONED' && !provisioned)
    throw invalidParameter(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
};

const checkNotEmpty = (what: string, indexes: readonly unknown[] | undefined): void => {
  if (indexes?.length === 0) throw invalidParameter(`List of ${what} is empty`);
};

/** What a CreateTable asks for, by DynamoDB's rules. */
export const readTableDefinition = (request: CreateTableRequest): TableDefinition => {
  const billing = request.BillingMode ?? 'PROVISIONED';
  checkThroughput(billing, request.ProvisionedThroughput);
  checkNotEmpty('LocalSecondaryIndexes', request.LocalSecondaryIndexes);
  checkNotEmpty('GlobalSecondaryIndexes', request.GlobalSecondaryIndexes);
  const attributes = request.AttributeDefinitions;
  const schema = readKeySchema(request.KeySchema, attributes);
  const locals = (request.LocalSecondaryIndexes ?? []).map((each) =>
    readLocalIndex(each, attributes, schema),
  );
  const globals = (request.GlobalSecondaryIndexes ?? []).map((each) =>
    readGlobalIndex(each, attributes, billing),
  );
  const indexes = [...locals, ...globals];
  checkIndexes(indexes);
  checkAttributes(attributes, [schema, ...indexes.map((each) => each.schema)]);
  return {
    name: request.TableName,
    schema,
    attributes,
    indexes,
    billingMode: billing,
    throughput: request.ProvisionedThroughput,
    tableClass: request.TableClass,
    deletionProtection: request.DeletionProtectionEnabled ?? false,
  };
};

import type { JsonObject } from '../protocol/service.ts';
import type { SecondaryIndex, Throughput } from './secondary-index.ts';
import { keySchemaJson, type Table } from './table.ts';

export type TableStatus = 'ACTIVE' | 'DELETING';

const throughputJson = (throughput: Throughput | undefined): JsonObject => ({
  NumberOfDecreasesToday: 0,
  ReadCapacityUnits: throughput?.ReadCapacityUnits ?? 0,
  WriteCapacityUnits: throughput?.WriteCapacityUnits ?? 0,
});

const indexJson = (table: Table, index: SecondaryIndex): JsonObject => {
  const { name, schema, projection, global, throughput } = index.definition;
  return {
    IndexName: name,
    KeySchema: keySchemaJson(schema),
    Projection: {
      ProjectionType: projection.type,
      ...(projection.attributes.length > 0 && { NonKeyAttributes: projection.attributes }),
    },
    ...(global && { IndexStatus: 'ACTIVE', ProvisionedThroughput: throughputJson(throughput) }),
    IndexSizeBytes: index.bytes,
    ItemCount: index.size,
    IndexArn: `${table.arn}/index/${name}`,
  };
};

const indexesJson = (table: Table, global: boolean): readonly JsonObject[] | undefined => {
  const chosen = [...table.indexes].filter(({ definition }) => definition.global === global);
  return chosen.length > 0 ? chosen.map((index) => indexJson(table, index)) : undefined;
};

const streamJson = ({ stream }: Table): JsonObject =>
  stream
    ? {
        ...(stream.isEnabled && {
          StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType },
        }),
        LatestStreamArn: stream.arn,
        LatestStreamLabel: stream.label,
      }
    : {};

/** A table as the API describes it. */
export const describeTable = (table: Table, status: TableStatus = 'ACTIVE'): JsonObject => {
  const [locals, globals] = [indexesJson(table, false), indexesJson(table, true)];
  return {
    AttributeDefinitions: table.attributes,
    TableName: table.name,
    KeySchema: keySchemaJson(table.schema),
    TableStatus: status,
    CreationDateTime: table.createdAt / 1000,
    ProvisionedThroughput: throughputJson(table.throughput),
    TableSizeBytes: table.bytes,
    ItemCount: table.itemCount,
    TableArn: table.arn,
    TableId: table.id,
    ...(table.onDemandSince !== undefined && {
      BillingModeSummary: {
        BillingMode: table.billingMode,
        LastUpdateToPayPerRequestDateTime: table.onDemandSince / 1000,
      },
    }),
    ...(locals && { LocalSecondaryIndexes: locals }),
    ...(globals && { GlobalSecondaryIndexes: globals }),
    ...streamJson(table),
    ...(table.tableClass && { TableClassSummary: { TableClass: table.tableClass } }),
    DeletionProtectionEnabled: table.deletionProtection,
  };
};

import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

type Shape = Omit<CreateTableCommandInput, 'TableName' | 'BillingMode'>;

const attributes = (definitions: Readonly<Record<string, 'S' | 'N' | 'B'>>) =>
  Object.entries(definitions).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));

export const keys = (partition: string, sort?: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' as const }]),
];

/** Only a partition key `pk`. */
export const plain: Shape = { KeySchema: keys('pk'), AttributeDefinitions: attributes({ pk: 'S' }) };

/** `pk` and `sk`, both strings, and a local index on `lsk` that projects `color`. */
const ranged: Shape = {
  KeySchema: keys('pk', 'sk'),
  AttributeDefinitions: attributes({ pk: 'S', sk: 'S', lsk: 'N' }),
  LocalSecondaryIndexes: [
    {
      IndexName: 'by-lsk',
      KeySchema: keys('pk', 'lsk'),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['color'] },
    },
  ],
};

/** A number as sort key. */
const numbered: Shape = {
  KeySchema: keys('pk', 'sk'),
  AttributeDefinitions: attributes({ pk: 'S', sk: 'N' }),
};

/** Bytes as sort key. */
const binary: Shape = {
  KeySchema: keys('pk', 'sk'),
  AttributeDefinitions: attributes({ pk: 'S', sk: 'B' }),
};

/** Global indexes of every kind: some attributes, all of them, keys only, and one without a sort key. */
export const indexed: Shape = {
  KeySchema: keys('pk'),
  AttributeDefinitions: attributes({ pk: 'S', customer: 'S', placedAt: 'S', open: 'S', rank: 'N' }),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-customer',
      KeySchema: keys('customer', 'placedAt'),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['status', 'amount'] },
    },
    { IndexName: 'open', KeySchema: keys('open', 'placedAt'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    { IndexName: 'by-rank', KeySchema: keys('customer', 'rank'), Projection: { ProjectionType: 'ALL' } },
  ],
};

/** A stream with both images. */
export const streamed: Shape = {
  KeySchema: keys('pk', 'sk'),
  AttributeDefinitions: attributes({ pk: 'S', sk: 'S' }),
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

export const SHARED_TABLES = { plain, ranged, numbered, binary, indexed, streamed };

/** The names that the shared tables have on a target. */
export type TableNames = Readonly<Record<keyof typeof SHARED_TABLES, string>>;

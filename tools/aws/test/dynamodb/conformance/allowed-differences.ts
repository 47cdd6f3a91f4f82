/** A case that DynamoDB Local does not pass, and why that is right. */
export interface AllowedDifference {
  /** The name of the case. */
  readonly name: string;
  /** What DynamoDB Local does instead. */
  readonly does: string;
  /** Why the case is right and not DynamoDB Local. */
  readonly reason: string;
  /** AWS's page that says so, where there is one. */
  readonly source?: string;
  /** A part of the message that the case fails with, so that no other failure hides behind this entry. */
  readonly failure: string;
}

/** The error has the name that it should have, but a text of DynamoDB Local's own. */
const text = (name: string, failure: string): AllowedDifference => ({
  name,
  does: `refuses with the text: ${failure}`,
  reason: 'DynamoDB answers with another text, and with the same kind of error.',
  failure,
});

const MISSING_TABLE = 'Cannot do operations on a non-existent table';
const MISSING_KEY = 'One of the required keys was not given a value';
const NO_NUMBER = 'A value provided cannot be converted into a number';
const KEY_SIZE =
  'Hash primary key values must be under 2048 bytes, and range primary key values must be under 1024 bytes';
const CONDITION_COUNT = 'The number of conditions on the keys is invalid';
const INDEX_KEY_TYPE = 'One or more parameter values were invalid: Type mismatch for Index Key';
const KEY_TYPE = 'One or more parameter values were invalid: Type mismatch for key';
const TRANSACTION_ERRORS =
  'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors';

const TEXTS: readonly AllowedDifference[] = [
  text('A table that exists cannot be created again', 'Cannot create preexisting table'),
  text('A table that does not exist cannot be described', MISSING_TABLE),
  text('A table that does not exist cannot be deleted', MISSING_TABLE),
  text('A put into a table that does not exist is refused', MISSING_TABLE),
  text('A get from a table that does not exist is refused', MISSING_TABLE),
  text('A query of a table that does not exist is refused', MISSING_TABLE),
  text('BatchGetItem from a table that does not exist is refused', MISSING_TABLE),
  text('BatchWriteItem into a table that does not exist is refused', MISSING_TABLE),
  text('A transaction on a table that does not exist is refused', MISSING_TABLE),
  text(
    'A definition of an attribute that is no key is refused',
    'The number of attributes in key schema must match the number of attributes defined in attribute definitions.',
  ),
  text('A key whose first attribute is a sort key is refused', 'No Hash Key specified in schema.'),
  text('Two indexes of one name are refused', 'Two global secondary indices have the same name'),
  text(
    'A local index needs a table with a sort key',
    'Local Secondary indices are not allowed on hash tables, only hash and range tables',
  ),
  text(
    'An INCLUDE projection needs attributes, and the others take none',
    'If Projection type INCLUDE is specified, some non-key attributes to include in the projection must be specified',
  ),
  text('A put knows no other ReturnValues than ALL_OLD and NONE', 'Return values set to invalid value'),
  text('A put without its key is refused', MISSING_KEY),
  text('A put without its sort key is refused', MISSING_KEY),
  text('A put with a key of another type is refused', KEY_TYPE),
  text(
    'A set with a member twice is refused',
    'One or more parameter values were invalid: Input collection [a, a] contains duplicates',
  ),
  text('A partition key of 2,048 bytes is stored and a longer one is refused', KEY_SIZE),
  text('A sort key of 1,024 bytes is stored and a longer one is refused', KEY_SIZE),
  text('A get with an attribute that is no key is refused', CONDITION_COUNT),
  text('A get without the sort key is refused', CONDITION_COUNT),
  text('A get with a key of another type is refused', KEY_TYPE),
  text('A get with another attribute than the key is refused', MISSING_KEY),
  text('A number with 39 significant digits is refused', 'DynamoDB only supports precision up to 38 digits'),
  text('Text is no number', NO_NUMBER),
  text('An empty string is no number', NO_NUMBER),
  text('A query without the partition key is refused', 'Query condition missed key schema element'),
  text('A query with an attribute that is no key is refused', 'Query condition missed key schema element'),
  text('A query with Limit 0 is refused', 'Limit must be greater than or equal to 1'),
  text(
    'An ExclusiveStartKey of another partition is refused',
    'The provided starting key does not match the range key predicate',
  ),
  text(
    'An ExclusiveStartKey that is no whole key is refused',
    "Exclusive Start Key must have same size as table's key schema",
  ),
  text('An ExclusiveStartKey of another type is refused', 'Type mismatch for attribute to update'),
  text('A scan with a starting key that is no key is refused', 'The provided starting key is invalid'),
  text(
    'A segment needs the number of segments',
    'If segment is specified, total segment must also be specified',
  ),
  text(
    'A segment is less than the number of segments',
    "1 validation error detected: Value '2' at 'segment' failed to satisfy constraint",
  ),
  text('A key of an index of another type is refused', INDEX_KEY_TYPE),
  text('An update that gives the key of an index another type is refused', INDEX_KEY_TYPE),
  text('An update that copies a value of another type into the key of an index is refused', INDEX_KEY_TYPE),
  text(
    'A failed update, delete and check of a transaction show their items',
    'The conditional request failed.',
  ),
];

const BEHAVIOURS: readonly AllowedDifference[] = [
  {
    name: 'A body that is no JSON is refused',
    does: 'answers 500 InternalFailure',
    reason: "A request that cannot be read is the caller's mistake, and SDKs try a 500 again.",
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html',
    failure: '500 !== 400',
  },
  {
    name: 'A member of the wrong type is refused',
    does: 'answers 500 InternalFailure',
    reason: "A request that cannot be read is the caller's mistake, and SDKs try a 500 again.",
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html',
    failure: '500 !== 400',
  },
  {
    name: 'A table has an id of its own',
    does: 'gives tables no TableId',
    reason: 'TableId is a unique identifier of the table.',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html',
    failure: 'The input did not match the regular expression',
  },
  {
    name: 'An on-demand table with provisioned throughput is refused',
    does: 'creates the table',
    reason: 'With PAY_PER_REQUEST, ProvisionedThroughput cannot be specified.',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html',
    failure: 'Expected ValidationException, but the request succeeded.',
  },
  {
    name: 'UPDATED_OLD and UPDATED_NEW of a nested attribute show only the path to it',
    does: 'shows the whole attribute that the path begins with',
    reason: 'UPDATED_NEW shows what was updated and nothing else.',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html',
    failure: 'Expected values to be strictly deep-equal',
  },
  {
    name: 'An item without its key cancels a transaction with a validation error',
    does: 'refuses the request with ValidationException',
    reason: 'An item whose parameters are invalid is the reason ValidationError of a cancelled transaction.',
    source: TRANSACTION_ERRORS,
    failure: 'Expected TransactionCanceledException, got ValidationException',
  },
  {
    name: 'Arithmetic with an attribute that is not there cancels a transaction with a validation error',
    does: 'refuses the request with ValidationException',
    reason: 'This text is documented as one of the reason ValidationError of a cancelled transaction.',
    source: TRANSACTION_ERRORS,
    failure: 'Expected TransactionCanceledException, got ValidationException',
  },
  {
    name: 'An expired item is deleted, and the record says that the service did it',
    does: 'writes a record named UNKNOWN_TO_SDK_VERSION',
    reason: 'A deletion by time to live is a REMOVE.',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html',
    failure: 'UNKNOWN_TO_SDK_VERSION',
  },
  {
    name: 'A transaction consumes double for each item',
    does: 'counts one unit for each item',
    reason: 'DynamoDB writes every item of a transaction twice: to prepare it, and to commit it.',
    source:
      'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-capacity-handling',
    failure: 'Expected values to be strictly deep-equal',
  },
];

/** Where DynamoDB Local differs from DynamoDB. The command checks that the list is exact. */
export const DYNAMODB_LOCAL_DIFFERENCES: readonly AllowedDifference[] = [...TEXTS, ...BEHAVIOURS];

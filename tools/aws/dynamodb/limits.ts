/**
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 * and https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const KIB = 1024;
const MIB = 1024 * KIB;

export const MAX_ITEM_BYTES = 400 * KIB;
export const MAX_PARTITION_KEY_BYTES = 2048;
export const MAX_SORT_KEY_BYTES = 1024;
export const MAX_NESTING = 32;

export const MAX_PAGE_BYTES = MIB;
export const MAX_BATCH_GETS = 100;
export const MAX_BATCH_WRITES = 25;
export const MAX_BATCH_BYTES = 16 * MIB;
export const MAX_TRANSACTION_ITEMS = 100;
export const MAX_TRANSACTION_BYTES = 4 * MIB;
export const TRANSACTION_TOKEN_MS = 10 * 60_000;

export const MAX_EXPRESSION_BYTES = 4 * KIB;
export const MAX_EXPRESSION_OPERATORS = 300;
export const MAX_IN_OPERANDS = 100;
export const MAX_NAME_BYTES = 255;
export const MAX_SUBSTITUTION_BYTES = 2 * MIB;

export const MAX_GLOBAL_INDEXES = 20;
export const MAX_LOCAL_INDEXES = 5;
/** Attributes that all indexes of a table project by name, together. */
export const MAX_PROJECTED_ATTRIBUTES = 100;
export const MAX_TAGS = 50;
export const MAX_SCAN_SEGMENTS = 1_000_000;

const HOUR_MS = 3_600_000;
export const STREAM_RETENTION_MS = 24 * HOUR_MS;
export const SHARD_ITERATOR_MS = 15 * 60_000;
/** AWS closes a shard after about four hours and goes on in a new one. */
export const SHARD_LIFETIME_MS = 4 * HOUR_MS;
export const MAX_STREAM_RECORDS = 1000;
export const MAX_STREAM_PAGE_BYTES = MIB;
/** What expired longer ago is not deleted: it may be a mistake. */
export const OLDEST_EXPIRY_MS = 5 * 365 * 24 * HOUR_MS;

/** A synchronous invocation takes 6 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
export const PAYLOAD_BYTES = 6 * 1024 ** 2 - 64 * 1024;

export const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/**
 * Splits records, in order, into batches of at most `count` records and `bytes` bytes of JSON each.
 * A record that is larger alone is a batch of its own.
 */
export const splitBatches = <T>(records: readonly T[], count: number, bytes = PAYLOAD_BYTES): T[][] => {
  const batches: T[][] = [];
  let room = 0;
  for (const record of records) {
    const size = sizeOf(record) + 1;
    const last = batches.at(-1);
    if (last && last.length < count && size <= room) {
      last.push(record);
      room -= size;
    } else {
      batches.push([record]);
      room = bytes - size;
    }
  }
  return batches;
};

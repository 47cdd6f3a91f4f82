import type { AttributeMap, AttributeValue } from './attribute-value.ts';
import { numberBytes } from './number.ts';

/**
 * Sizes by which DynamoDB limits and bills items.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

const utf8Bytes = (text: string): number => Buffer.byteLength(text);

const base64Bytes = (text: string): number => Buffer.byteLength(text, 'base64');

const sum = <T>(values: readonly T[], size: (value: T) => number): number => {
  let bytes = 0;
  for (const value of values) bytes += size(value);
  return bytes;
};

const mapBytes = (map: AttributeMap, each: number): number => {
  let bytes = 0;
  for (const name of Object.keys(map)) {
    const value = map[name];
    if (value !== undefined) bytes += utf8Bytes(name) + each + valueBytes(value);
  }
  return bytes;
};

/** Bytes that a value counts in an item, without its name. */
export const valueBytes = (value: AttributeValue): number => {
  if ('S' in value) return utf8Bytes(value.S);
  if ('N' in value) return numberBytes(value.N);
  if ('M' in value) return CONTAINER_BYTES + mapBytes(value.M, ELEMENT_BYTES);
  if ('L' in value) return CONTAINER_BYTES + sum(value.L, (each) => ELEMENT_BYTES + valueBytes(each));
  if ('B' in value) return base64Bytes(value.B);
  if ('SS' in value) return sum(value.SS, utf8Bytes);
  if ('NS' in value) return sum(value.NS, numberBytes);
  if ('BS' in value) return sum(value.BS, base64Bytes);
  return 1;
};

/** Bytes that an item counts: names and values. */
export const itemBytes = (item: AttributeMap): number => mapBytes(item, 0);

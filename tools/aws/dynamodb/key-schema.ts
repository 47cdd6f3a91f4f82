import type { AwsError } from '../protocol/error.ts';
import {
  type AttributeMap,
  type AttributeValue,
  getAttribute,
  type KeyType,
  setAttribute,
  sortText,
  typeOf,
} from './attribute-value.ts';
import { invalidParameter, validationException } from './errors.ts';
import { valueBytes } from './item-size.ts';
import { MAX_PARTITION_KEY_BYTES, MAX_SORT_KEY_BYTES } from './limits.ts';

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

/** The attributes by which a table or an index finds items. */
export interface KeySchema {
  readonly hash: KeyAttribute;
  readonly range: KeyAttribute | undefined;
}

/** Where an item is: texts are ordered as DynamoDB orders the values. */
export interface KeyPosition {
  readonly hash: string;
  readonly range: string;
}

export const keyAttributes = ({ hash, range }: KeySchema): readonly KeyAttribute[] =>
  range ? [hash, range] : [hash];

const positionText = (value: AttributeValue | undefined): string => (value ? sortText(value) : '');

/** The position of an item that has the key's attributes. */
export const keyPosition = ({ hash, range }: KeySchema, item: AttributeMap): KeyPosition => ({
  hash: positionText(getAttribute(item, hash.name)),
  range: range ? positionText(getAttribute(item, range.name)) : '',
});

/** Zeros in a partition key are marked, so that two of them end it and the order stays. */
const escapeZeros = (text: string): string =>
  text.includes('\0') ? text.replaceAll('\0', '\0\u0001') : text;

/** One text for a position, different from all others of the table, and in their order. */
export const positionId = ({ hash, range }: KeyPosition): string =>
  range === '' ? hash : `${escapeZeros(hash)}\0\0${range}`;

/** The attributes of an item that are part of a key. */
export const pickKey = (item: AttributeMap, ...schemas: readonly KeySchema[]): AttributeMap => {
  const key: Record<string, AttributeValue> = {};
  for (const schema of schemas)
    for (const { name } of keyAttributes(schema)) {
      const value = getAttribute(item, name);
      if (value) setAttribute(key, name, value);
    }
  return key;
};

/** Whether an item has the attributes that an index is sorted by. */
export const hasKey = (schema: KeySchema, item: AttributeMap): boolean =>
  keyAttributes(schema).every(({ name }) => Object.hasOwn(item, name));

export const schemaMismatch = (): AwsError =>
  validationException('The provided key element does not match the schema');

export const isEmpty = (value: AttributeValue): boolean =>
  ('S' in value && value.S === '') || ('B' in value && value.B === '');

const emptyKind = (type: KeyType): string => (type === 'B' ? 'binary' : 'string');

const checkSize = (value: AttributeValue, isHash: boolean): void => {
  const bytes = 'N' in value ? 0 : valueBytes(value);
  if (isHash && bytes > MAX_PARTITION_KEY_BYTES)
    throw invalidParameter(
      `Size of hashkey has exceeded the maximum size limit of${MAX_PARTITION_KEY_BYTES} bytes`,
    );
  if (!isHash && bytes > MAX_SORT_KEY_BYTES)
    throw invalidParameter(
      `Aggregated size of all range keys has exceeded the size limit of ${MAX_SORT_KEY_BYTES} bytes`,
    );
};

const checkKeyValue = ({ name, type }: KeyAttribute, value: AttributeValue, isHash: boolean): void => {
  if (isEmpty(value))
    throw validationException(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${emptyKind(type)} value. Key: ${name}`,
    );
  checkSize(value, isHash);
};

/** @throws AwsError ValidationException unless `key` has exactly the key's attributes */
export const checkKey = (schema: KeySchema, key: AttributeMap): void => {
  const attributes = keyAttributes(schema);
  if (Object.keys(key).length !== attributes.length) throw schemaMismatch();
  for (const attribute of attributes) {
    const value = getAttribute(key, attribute.name);
    if (!value || typeOf(value) !== attribute.type) throw schemaMismatch();
    checkKeyValue(attribute, value, attribute === schema.hash);
  }
};

/** @throws AwsError ValidationException unless the item has a valid key */
export const checkItemKey = (schema: KeySchema, item: AttributeMap): void => {
  for (const attribute of keyAttributes(schema)) {
    const value = getAttribute(item, attribute.name);
    if (!value) throw invalidParameter(`Missing the key ${attribute.name} in the item`);
    if (typeOf(value) !== attribute.type)
      throw invalidParameter(
        `Type mismatch for key ${attribute.name} expected: ${attribute.type} actual: ${typeOf(value)}`,
      );
    checkKeyValue(attribute, value, attribute === schema.hash);
  }
};

/** @throws AwsError ValidationException when the item has an attribute of an index's key that cannot be one */
export const checkIndexKey = (indexName: string, schema: KeySchema, item: AttributeMap): void => {
  for (const attribute of keyAttributes(schema)) {
    const value = getAttribute(item, attribute.name);
    if (!value) continue;
    const { name, type } = attribute;
    if (typeOf(value) !== type)
      throw invalidParameter(
        `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${indexName}`,
      );
    if (isEmpty(value))
      throw validationException(
        `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${emptyKind(type)} value. IndexName: ${indexName}, IndexKey: ${name}`,
      );
    checkSize(value, attribute === schema.hash);
  }
};

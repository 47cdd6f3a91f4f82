import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** Members that are undefined are left out. */
export const marshallOptions = { removeUndefinedValues: true };

/** An item, a key or an expression's values as DynamoDB's API takes them. */
export const toAttributes = (values: object): Record<string, AttributeValue> =>
  marshall(values, marshallOptions);

/** An item that this service has written. */
export const fromAttributes = <Item extends object>(attributes: Record<string, AttributeValue>): Item =>
  unmarshall(attributes) as Item;

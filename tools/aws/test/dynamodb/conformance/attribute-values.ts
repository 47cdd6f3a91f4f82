import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

export const s = (value: string): AttributeValue => ({ S: value });
export const n = (value: number | string): AttributeValue => ({ N: String(value) });
export const bool = (value: boolean): AttributeValue => ({ BOOL: value });
export const list = (...values: AttributeValue[]): AttributeValue => ({ L: values });
export const map = (members: Item): AttributeValue => ({ M: members });
export const bytes = (...values: number[]): AttributeValue => ({ B: Uint8Array.from(values) });
export const nothing: AttributeValue = { NULL: true };

/** The values of a request's expressions. */
export const given = (ExpressionAttributeValues: Item) => ({ ExpressionAttributeValues });

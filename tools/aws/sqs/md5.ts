import { createHash } from 'node:crypto';
import type { MessageAttribute, MessageAttributes } from './message-attributes.ts';

const STRING = 1;
const BINARY = 2;

export const md5 = (data: string | Buffer): string => createHash('md5').update(data).digest('hex');

const withLength = (data: string | Buffer): Buffer => {
  const bytes = Buffer.from(data);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const encode = ([name, { dataType, value }]: readonly [string, MessageAttribute]): Buffer =>
  Buffer.concat([
    withLength(name),
    withLength(dataType),
    Buffer.of(typeof value === 'string' ? STRING : BINARY),
    withLength(value),
  ]);

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1;

/**
 * The digest with which SDKs check message attributes.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 * @returns undefined without attributes
 */
export const md5OfAttributes = (attributes: MessageAttributes): string | undefined =>
  attributes.size === 0 ? undefined : md5(Buffer.concat([...attributes].sort(byName).map(encode)));

import type { JsonObject } from '../protocol/service.ts';
import { invalidParameter, notImplemented } from './errors.ts';
import { MESSAGE_ATTRIBUTES } from './limits.ts';
import { checkCharacters, isObject, objectMap, optionalString, refuseUnknown } from './validation.ts';

export interface MessageAttribute {
  readonly dataType: string;
  readonly value: string | Buffer;
}

export type MessageAttributes = ReadonlyMap<string, MessageAttribute>;

const NAME = /^(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/;
const RESERVED_NAME = /^(aws|amazon)\./i;
const DATA_TYPE = /^(String|Number|Binary)(\.[\x20-\x7e]+)?$/;
const DATA_TYPE_LENGTH = 256;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const PARTS = ['DataType', 'StringValue', 'BinaryValue', 'StringListValues', 'BinaryListValues'];
const TRACE_HEADER = 'AWSTraceHeader';

const checkName = (name: string): void => {
  if (!NAME.test(name) || RESERVED_NAME.test(name))
    throw invalidParameter(
      `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters, must not start with AWS. or Amazon., start or end with a period, or have periods in succession, and can be up to 256 characters long.`,
    );
};

const checkDataType = (name: string, dataType: string | undefined): string => {
  if (!dataType)
    throw invalidParameter(
      `The message attribute '${name}' must contain a non-empty message attribute type.`,
    );
  if (!DATA_TYPE.test(dataType) || dataType.length > DATA_TYPE_LENGTH)
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  return dataType;
};

const readBinary = (name: string, value: string | undefined): Buffer => {
  const bytes = Buffer.from(value ?? '', 'base64');
  if (bytes.length === 0)
    throw invalidParameter(
      `The message attribute '${name}' must contain a non-empty value of type Binary, in base64.`,
    );
  return bytes;
};

const readText = (name: string, type: string, value: string | undefined): string => {
  if (!value)
    throw invalidParameter(
      `Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`,
    );
  checkCharacters(value, `the message attribute ${name}`);
  if (type === 'Number' && !NUMBER.test(value))
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  return value;
};

const readAttribute = (name: string, input: JsonObject): MessageAttribute => {
  refuseUnknown(`the message attribute ${name}`, input, PARTS);
  for (const list of ['StringListValues', 'BinaryListValues']) {
    const value = input[list];
    // Botocore and the AWS CLI may send the lists, which are reserved for future use, empty.
    if (Array.isArray(value) && value.length > 0) throw notImplemented(`${list} of message attributes`);
  }
  const dataType = checkDataType(name, optionalString(input, 'DataType'));
  const type = dataType.split('.')[0] ?? dataType;
  const [text, binary] = [optionalString(input, 'StringValue'), optionalString(input, 'BinaryValue')];
  if (text !== undefined && binary !== undefined)
    throw invalidParameter(`Message attribute '${name}' has more than one value.`);
  const value = type === 'Binary' ? readBinary(name, binary) : readText(name, type, text);
  return { dataType, value };
};

/**
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-message-attributes
 */
export const readMessageAttributes = (input: JsonObject): MessageAttributes => {
  const given = objectMap(input, 'MessageAttributes');
  if (given.size > MESSAGE_ATTRIBUTES)
    throw invalidParameter(`Number of message attributes [${given.size}] exceeds the allowed maximum [10].`);
  return new Map(
    [...given].map(([name, attribute]) => {
      checkName(name);
      return [name, readAttribute(name, attribute)];
    }),
  );
};

/**
 * The only system attribute that a sender may set.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export const readSystemAttributes = (input: JsonObject): MessageAttributes => {
  const given = objectMap(input, 'MessageSystemAttributes');
  return new Map(
    [...given].map(([name, attribute]) => {
      if (name !== TRACE_HEADER)
        throw invalidParameter(
          `Message system attribute name '${name}' is invalid. The only supported message system attribute is AWSTraceHeader.`,
        );
      const read = readAttribute(name, attribute);
      if (read.dataType !== 'String') throw invalidParameter('AWSTraceHeader must be of type String.');
      return [name, read];
    }),
  );
};

export const traceHeaderOf = (system: MessageAttributes): string | undefined => {
  const value = system.get(TRACE_HEADER)?.value;
  return typeof value === 'string' ? value : undefined;
};

/** Names, types and values count towards the size of a message. */
export const attributeBytes = (attributes: MessageAttributes): number => {
  let bytes = 0;
  for (const [name, { dataType, value }] of attributes)
    bytes += Buffer.byteLength(name) + Buffer.byteLength(dataType) + Buffer.byteLength(value);
  return bytes;
};

/** The size of attributes that are not checked yet. */
export const givenAttributeBytes = ({ MessageAttributes: given }: JsonObject): number => {
  if (!isObject(given)) return 0;
  let bytes = 0;
  for (const [name, attribute] of Object.entries(given)) {
    if (!isObject(attribute)) continue;
    const { DataType: type, StringValue: text, BinaryValue: binary } = attribute;
    bytes += Buffer.byteLength(name);
    if (typeof type === 'string') bytes += Buffer.byteLength(type);
    if (typeof text === 'string') bytes += Buffer.byteLength(text);
    if (typeof binary === 'string') bytes += Buffer.byteLength(binary, 'base64');
  }
  return bytes;
};

const toOutput = ({ dataType, value }: MessageAttribute): JsonObject => ({
  DataType: dataType,
  ...(typeof value === 'string' ? { StringValue: value } : { BinaryValue: value.toString('base64') }),
});

export const attributesOutput = (attributes: MessageAttributes): JsonObject =>
  Object.fromEntries([...attributes].map(([name, attribute]) => [name, toOutput(attribute)]));

const isWanted = (name: string, wanted: readonly string[]): boolean =>
  wanted.some(
    (one) =>
      one === name ||
      one === 'All' ||
      one === '.*' ||
      (one.endsWith('.*') && name.startsWith(one.slice(0, -1))),
  );

/** @param wanted names, prefixes such as `bar.*`, or `All` */
export const selectAttributes = (
  attributes: MessageAttributes,
  wanted: readonly string[],
): MessageAttributes =>
  attributes.size === 0 || wanted.length === 0
    ? new Map()
    : new Map([...attributes].filter(([name]) => isWanted(name, wanted)));

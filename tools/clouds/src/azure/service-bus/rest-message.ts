import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { badArgument } from './errors.ts';
import type { MessageContent, Properties, PropertyValue } from './message.ts';

type Json = Readonly<Record<string, unknown>>;

/** Headers of HTTP itself, which are no application properties of a message. */
const HTTP_HEADERS =
  /^(accept.*|authorization|brokerproperties|cache-control|connection|content-.*|cookie|date|expect|from|host|if-.*|keep-alive|max-forwards|origin|pragma|priority|proxy-.*|range|referer|sec-.*|te|traceparent|tracestate|trailer|transfer-encoding|upgrade|user-agent|via|warning|x-ms-retrypolicy)$/;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parse = (what: string, json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    throw badArgument(`${what} is not JSON.`);
  }
};

const text = (properties: Json, name: string): string | undefined => {
  const value = properties[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw badArgument(`The broker property ${name} is not text.`);
};

const time = (properties: Json, name: string): number | undefined => {
  const value = text(properties, name);
  if (value === undefined) return undefined;
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) throw badArgument(`The broker property ${name} is not a time: ${value}`);
  return ms;
};

/** `TimeToLive` in seconds, or `TimeToLiveTimeSpan` as `[d.]hh:mm:ss[.f]`. */
const timeToLive = ({ TimeToLive: seconds, TimeToLiveTimeSpan: span }: Json): number | undefined => {
  if (typeof seconds === 'number') return seconds * 1_000;
  if (seconds !== undefined) throw badArgument('The broker property TimeToLive is not a number of seconds.');
  if (span === undefined) return undefined;
  const [whole, days = '0', hours, minutes, rest] =
    /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(String(span)) ?? [];
  if (whole === undefined)
    throw badArgument(`The broker property TimeToLiveTimeSpan is not a time span: ${String(span)}`);
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(rest)) * 1_000;
};

/**
 * Unknown broker properties are ignored, as Service Bus does.
 * Source: https://learn.microsoft.com/rest/api/servicebus/message-headers-and-properties
 */
const readBrokerProperties = (properties: Json): Omit<MessageContent, 'body' | 'properties'> => ({
  messageId: text(properties, 'MessageId') ?? randomUUID().replaceAll('-', ''),
  sessionId: text(properties, 'SessionId'),
  subject: text(properties, 'Label'),
  correlationId: text(properties, 'CorrelationId'),
  contentType: text(properties, 'ContentType'),
  to: text(properties, 'To'),
  replyTo: text(properties, 'ReplyTo'),
  replyToSessionId: text(properties, 'ReplyToSessionId'),
  partitionKey: text(properties, 'PartitionKey'),
  timeToLiveMs: timeToLive(properties),
  scheduledAt: time(properties, 'ScheduledEnqueueTimeUtc'),
});

/** A custom property's header: text in double quotes, a number, or a boolean. */
const headerValue = (value: string): PropertyValue => {
  const [, quoted] = /^"(.*)"$/s.exec(value) ?? [];
  if (quoted !== undefined) return quoted.replaceAll('\\"', '"');
  if (value === 'true' || value === 'false') return value === 'true';
  return value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
};

/**
 * One message: its properties are headers.
 * Source: https://learn.microsoft.com/rest/api/servicebus/send-message-to-queue
 * @throws ServiceBusError for broker properties that cannot be read
 */
export const readSingle = (headers: IncomingHttpHeaders, body: Buffer): MessageContent => {
  const brokerProperties = parse('BrokerProperties', String(headers.brokerproperties ?? '{}'));
  if (!isObject(brokerProperties)) throw badArgument('BrokerProperties is not a JSON object.');
  const custom = Object.entries(headers).filter(([name]) => !HTTP_HEADERS.test(name));
  return {
    ...readBrokerProperties(brokerProperties),
    contentType: headers['content-type'],
    properties: Object.fromEntries(custom.map(([name, value]) => [name, headerValue(String(value))])),
    body,
  };
};

const userProperty = (name: string, value: unknown): PropertyValue => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw badArgument(`The user property ${name} is not text, a number, or a boolean.`);
};

const readUserProperties = (properties: Json): Properties =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, userProperty(name, value)]));

const readEntry = (entry: unknown): MessageContent => {
  if (!isObject(entry)) throw badArgument('An entry of the batch is not an object.');
  const { Body, BrokerProperties = {}, UserProperties = {}, IsBodyBase64 = false } = entry;
  if (typeof Body !== 'string') throw badArgument('An entry of the batch has no Body that is text.');
  if (!isObject(BrokerProperties)) throw badArgument('BrokerProperties is not a JSON object.');
  if (!isObject(UserProperties)) throw badArgument('UserProperties is not a JSON object.');
  return {
    ...readBrokerProperties(BrokerProperties),
    properties: readUserProperties(UserProperties),
    body: Buffer.from(Body, IsBodyBase64 === true ? 'base64' : 'utf8'),
  };
};

/**
 * A batch: an array of objects with `Body`, and optionally `BrokerProperties`, `UserProperties` and `IsBodyBase64`.
 * Source: https://learn.microsoft.com/rest/api/servicebus/send-message-batch
 * @throws ServiceBusError for entries that cannot be read
 */
export const readBatch = (body: Buffer): readonly MessageContent[] => {
  const entries = isUtf8(body) ? parse('The batch', body.toString('utf8')) : undefined;
  if (!Array.isArray(entries) || entries.length === 0)
    throw badArgument('The batch is not a JSON array of messages.');
  return entries.map(readEntry);
};

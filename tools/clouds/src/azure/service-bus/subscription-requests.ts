import { installed } from '../../install.ts';
import type { Broker } from './broker.ts';
import type { SubscriptionDefinition } from './entities.ts';
import { badArgument, notImplemented } from './errors.ts';
import { LOCK_MS } from './limits.ts';
import type { CorrelationRule, Rule } from './rule.ts';

type Json = Readonly<Record<string, unknown>>;

/** What is used of `@azure/core-xml`, with which the official client reads and writes, too. */
interface Xml {
  parseXML(text: string): Promise<unknown>;
  stringifyXML(value: object, options: { readonly rootName: string }): string;
}

export interface ManagementAnswer {
  readonly status: number;
  readonly body?: string;
}

const CONNECT = 'http://schemas.microsoft.com/netservices/2010/10/servicebus/connect';
/** Longer than anything lives: the default of times to live. */
const FOREVER = 'P10675199DT2H48M5.4775807S';
/** Elements that describe a subscription, as far as they are implemented. */
const KNOWN =
  /^(DefaultMessageTimeToLive|LockDuration|RequiresSession|MaxDeliveryCount|DeadLetteringOnMessageExpiration)$/;
/** `undefined` where the element is missing. */
const CORRELATION: Readonly<Record<string, keyof CorrelationRule>> = {
  CorrelationId: 'correlationId',
  MessageId: 'messageId',
  To: 'to',
  ReplyTo: 'replyTo',
  Label: 'subject',
  SessionId: 'sessionId',
  ReplyToSessionId: 'replyToSessionId',
  ContentType: 'contentType',
};

const xml = async (): Promise<Xml> => (await installed('azure'))('@azure/core-xml') as Xml;

/** The child elements, without the attributes, which the parser keeps in `$`. */
const elements = (value: unknown): readonly (readonly [name: string, value: unknown])[] =>
  Object.entries(Object(value) as Json).filter(([name]) => name !== '$');

/** The attribute `type` of the namespace for instances, whatever its prefix is. */
const typeOf = (value: unknown): string => {
  const attributes = Object.entries(Object(Object(value).$) as Json);
  return String(attributes.find(([name]) => name.endsWith(':type'))?.[1] ?? '');
};

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** A duration of ISO 8601 in milliseconds. */
const duration = (text: string): number => {
  const [whole, days = '0', hours = '0', minutes = '0', seconds = '0'] = DURATION.exec(text) ?? [];
  if (whole === undefined) throw badArgument(`'${text}' is not a duration such as P14D or PT30S.`);
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
};

const readCorrelation = (filter: unknown): Rule => {
  const wanted = elements(filter).map(([name, value]) => {
    const property = CORRELATION[name];
    if (property === undefined) throw notImplemented(`${name} of correlation filters over HTTP`);
    return [property, String(value)] as const;
  });
  return Object.fromEntries(wanted);
};

/** @returns no rule for a filter that matches everything */
const readRules = (rule: unknown): readonly Rule[] | undefined => {
  const { Filter: filter, Action: action } = Object(rule) as Json;
  if (action !== undefined && typeOf(action) !== 'EmptyRuleAction') throw notImplemented('actions of rules');
  const type = typeOf(filter);
  if (type === '' || type === 'TrueFilter') return undefined;
  if (type === 'CorrelationFilter') return [readCorrelation(filter)];
  const { SqlExpression: sql, Parameters: parameters } = Object(filter) as Json;
  if (type !== 'SqlFilter' || parameters !== undefined) throw notImplemented(`${type} with parameters`);
  return [{ sql: String(sql) }];
};

const readDescription = (name: string, description: unknown): SubscriptionDefinition => {
  const given = new Map(elements(description));
  const rules = readRules(given.get('DefaultRuleDescription'));
  given.delete('DefaultRuleDescription');
  for (const [element] of given)
    if (!KNOWN.test(element)) throw notImplemented(`${element} of a subscription`);
  const maxDeliveryCount = given.get('MaxDeliveryCount');
  const timeToLive = given.get('DefaultMessageTimeToLive');
  return {
    name,
    requiresSession: given.get('RequiresSession') === 'true',
    deadLetterExpired: given.get('DeadLetteringOnMessageExpiration') === 'true',
    lockMs: given.has('LockDuration') ? duration(String(given.get('LockDuration'))) : LOCK_MS.usual,
    ...(maxDeliveryCount !== undefined && { maxDeliveryCount: Number(maxDeliveryCount) }),
    ...(timeToLive !== undefined && { timeToLiveMs: duration(String(timeToLive)) }),
    ...(rules && { rules }),
  };
};

/** As Service Bus shows a subscription. @throws ServiceBusError `amqp:not-found` */
const show = async (broker: Broker, topic: string, name: string): Promise<string> => {
  const { settings } = broker.queue(`${topic}/Subscriptions/${name}`);
  const { requiresSession, lockMs, maxDeliveryCount, deadLetterExpired, timeToLiveMs } = settings;
  const description = {
    $: { xmlns: CONNECT, 'xmlns:i': 'http://www.w3.org/2001/XMLSchema-instance' },
    LockDuration: `PT${lockMs / 1_000}S`,
    RequiresSession: requiresSession,
    DefaultMessageTimeToLive: timeToLiveMs === undefined ? FOREVER : `PT${timeToLiveMs / 1_000}S`,
    DeadLetteringOnMessageExpiration: deadLetterExpired,
    DeadLetteringOnFilterEvaluationExceptions: true,
    MaxDeliveryCount: maxDeliveryCount,
    EnableBatchedOperations: true,
    Status: 'Active',
    AutoDeleteOnIdle: FOREVER,
    EntityAvailabilityStatus: 'Available',
  };
  const entry = {
    $: { xmlns: 'http://www.w3.org/2005/Atom' },
    id: `https://127.0.0.1/${topic}/Subscriptions/${name}`,
    title: { $: { type: 'text' }, _: name },
    content: { $: { type: 'application/xml' }, SubscriptionDescription: description },
  };
  return (await xml()).stringifyXML(entry, { rootName: 'entry' });
};

const read = async (name: string, body: Buffer): Promise<SubscriptionDefinition> => {
  const { parseXML } = await xml();
  const entry = await parseXML(body.toString('utf8')).catch(() => {
    throw badArgument('The body is not XML.');
  });
  return readDescription(name, Object(Object(entry).content).SubscriptionDescription);
};

/**
 * Creates, shows and deletes subscriptions as `ServiceBusAdministrationClient` asks for it. What a description has that is not
 * implemented is refused by name; so are changes, and rules other than the one that a subscription is created with. What is
 * shown has no counts of messages.
 * Source: https://learn.microsoft.com/rest/api/servicebus/subscriptions
 *
 * @param path `{topic}/Subscriptions/{name}`
 * @throws ServiceBusError for what is refused, and for what there is not
 */
export const manageSubscription = async (
  broker: Broker,
  { method = '', path, body, isChange }: SubscriptionRequest,
): Promise<ManagementAnswer> => {
  const [, topic = '', name = ''] = SUBSCRIPTION_PATH.exec(path) ?? [];
  switch (method) {
    case 'PUT':
      if (isChange) throw notImplemented('changes of subscriptions');
      broker.addSubscription(topic, await read(name, body));
      return { status: 201, body: await show(broker, topic, name) };
    case 'GET':
      return { status: 200, body: await show(broker, topic, name) };
    case 'DELETE':
      broker.removeSubscription(topic, name);
      return { status: 200 };
    default:
      throw notImplemented(`${method} of a subscription`);
  }
};

export interface SubscriptionRequest {
  readonly method: string | undefined;
  readonly path: string;
  readonly body: Buffer;
  /** Of one that there is: the request has `If-Match`. */
  readonly isChange: boolean;
}

/** The rules of a subscription are further down. */
export const SUBSCRIPTION_PATH = /^(.+)\/subscriptions\/([^/]+)$/i;

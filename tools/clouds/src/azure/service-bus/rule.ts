import { badArgument } from './errors.ts';
import type { MessageContent, Properties, PropertyValue } from './message.ts';
import { readSqlFilter } from './sql-filter.ts';

/** Equal values of the properties that it names. */
export interface CorrelationRule {
  readonly correlationId?: string;
  readonly messageId?: string;
  readonly to?: string;
  readonly replyTo?: string;
  /** Orderly's events have their type here. */
  readonly subject?: string;
  readonly sessionId?: string;
  readonly replyToSessionId?: string;
  readonly contentType?: string;
  readonly properties?: Properties;
}

/**
 * A rule without an action. Actions are not implemented.
 * Source: https://learn.microsoft.com/azure/service-bus-messaging/topic-filters
 */
export type Rule = CorrelationRule | { readonly sql: string };

export type Filter = (message: MessageContent) => boolean;

const SYSTEM_PROPERTIES = [
  'correlationId',
  'messageId',
  'to',
  'replyTo',
  'subject',
  'sessionId',
  'replyToSessionId',
  'contentType',
] as const;

const isSame = (one: PropertyValue | undefined, other: PropertyValue): boolean =>
  one instanceof Date && other instanceof Date ? one.getTime() === other.getTime() : one === other;

/** @throws ServiceBusError for SQL that is wrong or that is not implemented, and for members that no rule has */
export const readRule = (rule: Rule): Filter => {
  if ('sql' in rule) return readSqlFilter(rule.sql);
  const { properties = {}, ...system } = rule;
  for (const name of Object.keys(system))
    if (!SYSTEM_PROPERTIES.some((known) => known === name))
      throw badArgument(`A correlation rule has no ${name}.`);
  const wanted = SYSTEM_PROPERTIES.filter((name) => rule[name] !== undefined);
  const own = Object.entries(properties);
  if (wanted.length + own.length === 0) throw badArgument('A correlation rule names at least one property.');
  return (message) =>
    wanted.every((name) => message[name] === rule[name]) &&
    own.every(([name, value]) => isSame(message.properties[name], value));
};

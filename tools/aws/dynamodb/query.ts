import { type AttributeValue, sortText, typeOf } from './attribute-value.ts';
import { capacityMode } from './capacity.ts';
import type { Operation } from './database.ts';
import { invalidParameter, validationException } from './errors.ts';
import type { Bindings } from './expressions/bindings.ts';
import { attributesOf, type BoundCondition, bindCondition } from './expressions/condition.ts';
import { bindKeyCondition, type KeyCondition } from './expressions/key-condition.ts';
import { bindProjection } from './expressions/projection.ts';
import { bindRequest } from './expressions/request-bindings.ts';
import { attributes, readMembers } from './item-operations.ts';
import type { IndexEntry } from './key-index.ts';
import { isEmpty, type KeyAttribute, type KeySchema, keyAttributes } from './key-schema.ts';
import { checkSelection, openSource, readPage, SELECTS, startEntry } from './page.ts';
import {
  anything,
  flag,
  integer,
  oneOf,
  optional,
  required,
  resourceName,
  structure,
  tableName,
  text,
} from './request.ts';
import { AFTER_ALL, type Position } from './sorted-list.ts';
import { throttle } from './write.ts';

/** Members of queries and scans. */
export const pageMembers = {
  TableName: required(tableName),
  IndexName: optional(resourceName),
  Select: optional(oneOf(...SELECTS)),
  Limit: optional(integer(1)),
  ExclusiveStartKey: optional(attributes),
  FilterExpression: optional(text),
  ExpressionAttributeValues: optional(anything),
  ReturnConsumedCapacity: optional(capacityMode),
  ...readMembers,
} as const;

const queryRequest = structure('Query', {
  ...pageMembers,
  KeyConditionExpression: optional(text),
  ScanIndexForward: optional(flag),
});

/** The part of a partition that a query wants: after one position, and before another. */
interface Bounds {
  readonly after: Position | undefined;
  readonly before: Position | undefined;
}

const startOf = (sort: string): Position => ({ sort, id: '' });
const endOf = (sort: string): Position => ({ sort, id: AFTER_ALL });

const boundsOf = (condition: KeyCondition | undefined): Bounds => {
  if (!condition) return { after: undefined, before: undefined };
  if (condition.operator === 'BETWEEN')
    return { after: startOf(sortText(condition.low)), before: endOf(sortText(condition.high)) };
  const sort = sortText(condition.value);
  switch (condition.operator) {
    case '=':
      return { after: startOf(sort), before: endOf(sort) };
    case '<':
      return { after: undefined, before: startOf(sort) };
    case '<=':
      return { after: undefined, before: endOf(sort) };
    case '>':
      return { after: endOf(sort), before: undefined };
    case '>=':
      return { after: startOf(sort), before: undefined };
    case 'begins_with':
      return { after: startOf(sort), before: endOf(`${sort}${AFTER_ALL}`) };
  }
};

const valuesOf = (condition: KeyCondition): readonly AttributeValue[] =>
  condition.operator === 'BETWEEN' ? [condition.low, condition.high] : [condition.value];

const checkType = ({ type }: KeyAttribute, condition: KeyCondition): void => {
  if (valuesOf(condition).some((value) => typeOf(value) !== type))
    throw invalidParameter('Condition parameter type does not match schema type');
  if (condition.operator === 'begins_with' && type === 'N')
    throw invalidParameter('Condition parameter type does not match schema type');
};

interface KeyDemand {
  readonly partition: string;
  readonly range: KeyCondition | undefined;
}

const demandOf = ({ hash, range }: KeySchema, conditions: ReadonlyMap<string, KeyCondition>): KeyDemand => {
  const byHash = conditions.get(hash.name);
  if (!byHash) throw validationException(`Query condition missed key schema element: ${hash.name}`);
  if (byHash.operator !== '=') throw validationException('Query key condition not supported');
  const byRange = range && conditions.get(range.name);
  if (conditions.size > (byRange ? 2 : 1))
    throw validationException(
      range
        ? `Query condition missed key schema element: ${range.name}`
        : 'Query key condition not supported',
    );
  checkType(hash, byHash);
  if (range && byRange) checkType(range, byRange);
  if (isEmpty(byHash.value))
    throw validationException(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${hash.name}`,
    );
  return { partition: sortText(byHash.value), range: byRange };
};

const isAfter = (a: Position, b: Position): boolean => (a.sort === b.sort ? a.id > b.id : a.sort > b.sort);

/** Goes on after the last item of the page before. */
const continueAt = (
  bounds: Bounds,
  demand: KeyDemand,
  start: IndexEntry | undefined,
  descending: boolean,
): Bounds => {
  if (!start) return bounds;
  if (start.partition !== demand.partition)
    throw validationException(
      'The provided starting key is outside query boundaries based on provided conditions',
    );
  const { after, before } = bounds;
  if ((after && !isAfter(start, after)) || (before && !isAfter(before, start)))
    throw validationException('The provided starting key does not match the range key predicate');
  return descending ? { after, before: start } : { after: start, before };
};

const checkFilter = (schema: KeySchema, filter: BoundCondition | undefined): void => {
  if (!filter) return;
  const used = attributesOf(filter);
  const key = keyAttributes(schema).find(({ name }) => used.has(name));
  if (key)
    throw validationException(
      `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key.name}`,
    );
};

/** What a query and a scan do with the items that they read. */
export const bindReading = (
  {
    FilterExpression: filter,
    ProjectionExpression: paths,
  }: { readonly FilterExpression?: string | undefined; readonly ProjectionExpression?: string | undefined },
  bindings: Bindings,
) => ({
  filter: filter === undefined ? undefined : bindCondition(filter, 'FilterExpression', bindings),
  paths: paths === undefined ? undefined : bindProjection(paths, bindings),
});

export const query: Operation = (database, input) => {
  const request = queryRequest(input, '');
  const { ProjectionExpression, FilterExpression, KeyConditionExpression } = request;
  const bindings = bindRequest(request, { ProjectionExpression, FilterExpression, KeyConditionExpression });
  if (KeyConditionExpression === undefined)
    throw validationException(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  const conditions = bindKeyCondition(KeyConditionExpression, bindings);
  const { filter, paths } = bindReading(request, bindings);
  bindings.assertAllUsed();
  const source = openSource(database, request);
  const selection = { select: request.Select, filter, paths };
  checkSelection(source, selection, 'Querying');
  checkFilter(source.schema, filter);
  const demand = demandOf(source.schema, conditions);
  const descending = request.ScanIndexForward === false;
  const start = startEntry(source, request.ExclusiveStartKey);
  const { after, before } = continueAt(boundsOf(demand.range), demand, start, descending);
  throttle(database);
  return readPage(
    source,
    source.entries.query(demand.partition, after, before, descending),
    selection,
    request,
  );
};

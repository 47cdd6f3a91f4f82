import type { JsonObject } from '../protocol/service.ts';
import { type AttributeMap, parseAttributeMap } from './attribute-value.ts';
import { CapacityMeter, type CapacityMode, capacityMode, collectionMetrics, readUnits } from './capacity.ts';
import type { Database, Operation } from './database.ts';
import { validationException } from './errors.ts';
import type { DocumentPath } from './expressions/path.ts';
import { bindProjection, project } from './expressions/projection.ts';
import { bindRequest, conditionMembers, nameMembers } from './expressions/request-bindings.ts';
import { itemBytes } from './item-size.ts';
import { checkKey, positionId } from './key-schema.ts';
import { flag, oneOf, optional, type Reader, required, structure, tableName, text } from './request.ts';
import type { Table } from './table.ts';
import {
  commitWrite,
  computeWrite,
  type LocatedWrite,
  locateWrite,
  meetFaults,
  parseWrite,
  throttle,
  type WriteKind,
  type WriteRequest,
  type WriteResult,
} from './write.ts';

/** An item or a key of a request. */
export const attributes: Reader<AttributeMap> = (value) => parseAttributeMap(value);

const RETURN_VALUES = ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'] as const;
type ReturnValues = (typeof RETURN_VALUES)[number];

export const writeMembers = {
  TableName: required(tableName),
  ...conditionMembers,
  ReturnValuesOnConditionCheckFailure: optional(oneOf('ALL_OLD', 'NONE')),
} as const;

const singleMembers = {
  ...writeMembers,
  ReturnValues: optional(oneOf(...RETURN_VALUES)),
  ReturnConsumedCapacity: optional(capacityMode),
  ReturnItemCollectionMetrics: optional(oneOf('SIZE', 'NONE')),
} as const;

const putRequest = structure('PutItem', { ...singleMembers, Item: required(attributes) });
const deleteRequest = structure('DeleteItem', { ...singleMembers, Key: required(attributes) });
const updateRequest = structure('UpdateItem', {
  ...singleMembers,
  Key: required(attributes),
  UpdateExpression: optional(text),
});

interface SingleWriteRequest extends WriteRequest {
  readonly ReturnValues: ReturnValues | undefined;
  readonly ReturnConsumedCapacity: CapacityMode;
  readonly ReturnItemCollectionMetrics: 'SIZE' | 'NONE' | undefined;
}

const updatedPaths = ({ actions }: LocatedWrite): readonly DocumentPath[] => actions.map(({ path }) => path);

const returned = (
  values: ReturnValues | undefined,
  write: LocatedWrite,
  { before, after }: WriteResult,
): AttributeMap | undefined => {
  switch (values) {
    case 'ALL_OLD':
      return before;
    case 'ALL_NEW':
      return after;
    case 'UPDATED_OLD':
      return before && project(before, updatedPaths(write));
    case 'UPDATED_NEW':
      return after && project(after, updatedPaths(write));
    default:
      return undefined;
  }
};

const checkReturnValues = (kind: WriteKind, values: ReturnValues | undefined): void => {
  if (kind !== 'Update' && values !== undefined && values !== 'ALL_OLD' && values !== 'NONE')
    throw validationException('ReturnValues can only be ALL_OLD or NONE');
};

const writeItem = (database: Database, kind: WriteKind, request: SingleWriteRequest): JsonObject => {
  checkReturnValues(kind, request.ReturnValues);
  const parsed = parseWrite(kind, request);
  const table = database.table(request.TableName);
  const write = locateWrite(table, parsed);
  meetFaults(database);
  const result = computeWrite(write);
  commitWrite(write, result);
  const meter = new CapacityMeter(request.ReturnConsumedCapacity);
  meter.write(table, result.before, result.after);
  const values = returned(request.ReturnValues, write, result);
  const metrics =
    request.ReturnItemCollectionMetrics === 'SIZE' ? collectionMetrics(table, write.given) : undefined;
  return {
    ...(values && Object.keys(values).length > 0 && { Attributes: values }),
    ...meter.one,
    ...(metrics && { ItemCollectionMetrics: metrics }),
  };
};

export const putItem: Operation = (database, input) => writeItem(database, 'Put', putRequest(input, ''));

export const updateItem: Operation = (database, input) =>
  writeItem(database, 'Update', updateRequest(input, ''));

export const deleteItem: Operation = (database, input) =>
  writeItem(database, 'Delete', deleteRequest(input, ''));

export const readMembers = {
  ConsistentRead: optional(flag),
  ProjectionExpression: optional(text),
  ...nameMembers,
} as const;

const getRequest = structure('GetItem', {
  TableName: required(tableName),
  Key: required(attributes),
  ...readMembers,
  ReturnConsumedCapacity: optional(capacityMode),
});

/** How a request wants to see items: all of them, or some paths. */
export const bindReader = (request: {
  readonly ProjectionExpression: string | undefined;
  readonly ExpressionAttributeNames: unknown;
}): ((item: AttributeMap) => AttributeMap) => {
  const { ProjectionExpression, ExpressionAttributeNames } = request;
  const bindings = bindRequest({ ExpressionAttributeNames }, { ProjectionExpression });
  const paths =
    ProjectionExpression === undefined ? undefined : bindProjection(ProjectionExpression, bindings);
  bindings.assertAllUsed();
  return (item) => (paths ? project(item, paths) : item);
};

/** Finds an item by its key. */
export const readItem = (table: Table, key: AttributeMap, consistent: boolean): AttributeMap | undefined => {
  checkKey(table.schema, key);
  const id = positionId(table.position(key));
  return consistent ? table.row(id)?.item : table.seenEventually(id);
};

export const getItem: Operation = (database, input) => {
  const request = getRequest(input, '');
  const show = bindReader(request);
  const table = database.table(request.TableName);
  const consistent = request.ConsistentRead ?? false;
  const item = readItem(table, request.Key, consistent);
  throttle(database);
  const meter = new CapacityMeter(request.ReturnConsumedCapacity);
  if (!meter.isOff) meter.read(table, readUnits(item ? itemBytes(item) : 0, consistent ? 1 : 0.5));
  return { ...(item && { Item: show(item) }), ...meter.one };
};

import { AwsError } from '../protocol/error.ts';
import { type AttributeMap, getAttribute, typeOf } from './attribute-value.ts';
import type { Database } from './database.ts';
import { invalidParameter, validationException } from './errors.ts';
import { bindCondition, holds } from './expressions/condition.ts';
import { bindRequest } from './expressions/request-bindings.ts';
import { applyUpdate, assertScalar, bindUpdate } from './expressions/update.ts';
import { itemBytes } from './item-size.ts';
import { checkKey, type KeyPosition, keyAttributes, positionId } from './key-schema.ts';
import { MAX_ITEM_BYTES } from './limits.ts';
import type { Table } from './table.ts';

export type WriteKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

/** What all requests to write one item have in common. */
export interface WriteRequest {
  readonly TableName: string;
  readonly Item?: AttributeMap;
  readonly Key?: AttributeMap;
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: unknown;
  readonly ExpressionAttributeValues?: unknown;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE' | undefined;
}

/** Reads what can be read without knowing the table. */
export const parseWrite = (kind: WriteKind, request: WriteRequest) => {
  const { UpdateExpression, ConditionExpression } = request;
  const bindings = bindRequest(
    request,
    kind === 'Update' ? { UpdateExpression, ConditionExpression } : { ConditionExpression },
  );
  const actions = UpdateExpression === undefined ? [] : bindUpdate(UpdateExpression, bindings);
  const condition =
    ConditionExpression === undefined
      ? undefined
      : bindCondition(ConditionExpression, 'ConditionExpression', bindings);
  bindings.assertAllUsed();
  /** The item of a put, the key of all others. */
  const given = request.Item ?? request.Key ?? {};
  if (kind === 'Put' && itemBytes(given) > MAX_ITEM_BYTES)
    throw validationException('Item size has exceeded the maximum allowed size');
  return {
    kind,
    tableName: request.TableName,
    given,
    actions,
    condition,
    returnsOld: request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
};

/** A write with a valid request; the table checks it next. */
export type ParsedWrite = Readonly<ReturnType<typeof parseWrite>>;

/** A write of which the table is known, and the place in it. */
export interface LocatedWrite extends ParsedWrite {
  readonly table: Table;
  readonly position: KeyPosition;
  readonly id: string;
}

/** @throws AwsError ValidationException when the key does not fit to the table */
export const locateWrite = (table: Table, write: ParsedWrite): LocatedWrite => {
  if (write.kind === 'Put') table.checkItem(write.given);
  else checkKey(table.schema, write.given);
  for (const { name } of keyAttributes(table.schema)) {
    if (write.actions.some(({ path }) => path.length === 1 && path[0] === name))
      throw invalidParameter(`Cannot update attribute ${name}. This attribute is part of the key`);
    assertScalar(write.actions, name, 'Key');
  }
  for (const { definition } of write.actions.length > 0 ? table.indexes : [])
    for (const { name } of keyAttributes(definition.schema)) assertScalar(write.actions, name, 'IndexKey');
  const position = table.position(write.given);
  return { ...write, table, position, id: positionId(position) };
};

/** What a write makes of the item that is there. */
export interface WriteResult {
  readonly before: AttributeMap | undefined;
  readonly after: AttributeMap | undefined;
}

/** What an update computes, or copies from elsewhere, has a text of its own; what it was given literally has not. */
const assertIndexKeyTypes = (table: Table, actions: LocatedWrite['actions'], after: AttributeMap): void => {
  for (const action of actions) {
    if (action.action !== 'SET' || action.value.kind === 'value' || action.path.length > 1) continue;
    const [name] = action.path;
    const value = getAttribute(after, name);
    const keys = [...table.indexes].flatMap(({ definition }) => keyAttributes(definition.schema));
    if (value && keys.some((key) => key.name === name && key.type !== typeOf(value)))
      throw validationException(
        'The update expression attempted to update the secondary index key to unsupported type',
      );
  }
};

const updated = ({ table, actions, given }: LocatedWrite, before: AttributeMap | undefined): AttributeMap => {
  const after = applyUpdate(before ?? given, actions);
  assertIndexKeyTypes(table, actions, after);
  table.checkItem(after);
  if (itemBytes(after) > MAX_ITEM_BYTES)
    throw validationException('Item size to update has exceeded the maximum allowed size');
  return after;
};

/**
 * Computes a write; nothing is changed yet.
 * @throws AwsError ConditionalCheckFailedException, or ValidationException when the item does not allow an update
 */
export const computeWrite = (write: LocatedWrite): WriteResult => {
  const before = write.table.row(write.id)?.item;
  if (write.condition && !holds(write.condition, before ?? {}))
    throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', {
      fields: write.returnsOld && before ? { Item: before } : {},
    });
  switch (write.kind) {
    case 'Put':
      return { before, after: write.given };
    case 'Update':
      return { before, after: updated(write, before) };
    case 'Delete':
      return { before, after: undefined };
    case 'ConditionCheck':
      return { before, after: before };
  }
};

export const commitWrite = ({ table, position, kind }: LocatedWrite, { after }: WriteResult): void => {
  if (kind !== 'ConditionCheck') table.write(position, after);
};

/** @throws AwsError TransactionConflictException or ProvisionedThroughputExceededException, as a fault on demand */
export const meetFaults = ({ context }: Database): void => {
  throttle({ context });
  if (context.faults.transactionConflicts.happens())
    throw new AwsError('TransactionConflictException', 'Transaction is ongoing for the item');
};

export const throttle = ({ context }: Pick<Database, 'context'>): void => {
  if (context.faults.throttles.happens())
    throw new AwsError(
      'ProvisionedThroughputExceededException',
      'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
    );
};

import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTablesCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Session } from '@orderly/cli/session';
import type { ItemPage, TableRow } from '../api.ts';
import { badRequest, notFound } from '../http/problem.ts';
import { positionIn, textOfPosition } from './position.ts';

const LIMIT = 50;

const namesOf = (keys: TableDescription['KeySchema'] = []): readonly string[] =>
  keys.map(({ AttributeName = '' }) => AttributeName);

/** The tables of the stage's services. */
export const listTables = async ({ clients: { dynamodb }, stage }: Session): Promise<readonly TableRow[]> => {
  const { TableNames: names = [] } = await dynamodb.send(
    new ListTablesCommand({ ExclusiveStartTableName: `${stage}-`, Limit: 100 }),
  );
  return Promise.all(
    names.filter((name) => name.startsWith(`${stage}-`)).map((name) => describe(dynamodb, name)),
  );
};

const describe = async (dynamodb: Session['clients']['dynamodb'], name: string): Promise<TableRow> => {
  const [{ Table }, { TimeToLiveDescription: expiry }] = await Promise.all([
    dynamodb.send(new DescribeTableCommand({ TableName: name })),
    dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name })),
  ]);
  const view = Table?.StreamSpecification?.StreamViewType;
  return {
    name,
    items: Table?.ItemCount ?? 0,
    bytes: Table?.TableSizeBytes ?? 0,
    key: namesOf(Table?.KeySchema),
    indexes: (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName = '', KeySchema }) => ({
      name: IndexName,
      key: namesOf(KeySchema),
    })),
    ...(view !== undefined && { stream: view }),
    ...(expiry?.AttributeName !== undefined && { timeToLive: expiry.AttributeName }),
  };
};

export interface ItemsRequest {
  readonly table: string;
  readonly index: string | undefined;
  readonly partition: string | undefined;
  readonly sort: string | undefined;
  /** Where the page before ended. */
  readonly after: string | undefined;
}

/**
 * Items of a table: those of a partition whose sort key begins with `sort`, or all, page by page.
 * @throws Refusal for a table or index that the stage does not have
 */
export const readItems = async (
  session: Session,
  { table, index, partition, sort, after }: ItemsRequest,
): Promise<ItemPage> => {
  const found = (await listTables(session)).find(({ name }) => name === table);
  if (found === undefined) throw notFound(`Stage ${session.stage} has no table ${table}.`);
  const key = index === undefined ? found.key : found.indexes.find(({ name }) => name === index)?.key;
  if (key === undefined) throw notFound(`${table} has no index ${index}.`);
  const [partitionName = '', sortName] = key;
  if (sort !== undefined && sortName === undefined)
    throw badRequest(`The key of ${index ?? table} has one part.`);
  const position = positionIn(after);
  const page = {
    TableName: table,
    ...(index !== undefined && { IndexName: index }),
    Limit: LIMIT,
    ...(position !== undefined && { ExclusiveStartKey: position }),
  };
  const documents = DynamoDBDocumentClient.from(session.clients.dynamodb);
  const { Items = [], LastEvaluatedKey } = await (partition === undefined
    ? documents.send(new ScanCommand(page))
    : documents.send(
        new QueryCommand({
          ...page,
          KeyConditionExpression: `#p = :p${sort === undefined ? '' : ' AND begins_with(#s, :s)'}`,
          ExpressionAttributeNames: {
            '#p': partitionName,
            ...(sort !== undefined && { '#s': sortName ?? '' }),
          },
          ExpressionAttributeValues: { ':p': partition, ...(sort !== undefined && { ':s': sort }) },
        }),
      ));
  return {
    items: Items.map((item) => ({
      table,
      key: Object.fromEntries(found.key.map((name) => [name, String(item[name])])),
      item,
    })),
    ...(LastEvaluatedKey !== undefined && {
      after: textOfPosition(LastEvaluatedKey),
    }),
  };
};

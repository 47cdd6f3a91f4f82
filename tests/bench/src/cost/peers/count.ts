import { marshall } from '@aws-sdk/util-dynamodb';
import { systemChance } from '@orderly/aws/chance';
import { systemClock } from '@orderly/aws/clock';
import { createDynamoDb } from '@orderly/aws/dynamodb/service';
import { callInProcess } from '@orderly/aws/in-process';
import { type Life, type Step, stepNames } from '../life.ts';
import type { PaidCall, Run } from '../run.ts';
import { type Usage, usage } from '../usage.ts';
import type {
  Design,
  FunctionWork,
  KeyNames,
  ManagedWork,
  PeerTable,
  PeerWork,
  TableRequest,
} from './design.ts';

/** What a part of a design is charged for, once its requests to DynamoDB are counted. */
type Counted<Work extends PeerWork> = Work & { readonly calls: readonly PaidCall[] };

/** A design, and what DynamoDB charges for each of its requests. */
export interface CountedDesign {
  readonly design: Design;
  readonly functions: readonly Counted<FunctionWork>[];
  readonly managed: readonly Counted<ManagedWork>[];
}

/**
 * Sends a design's requests to an embedded DynamoDB with its tables, in the order of its life, and notes their units.
 *
 * @throws AwsError when DynamoDB refuses one
 * @throws RangeError for a run of a function that the design does not have
 */
export async function countDesign(design: Design): Promise<CountedDesign> {
  const dynamodb = createDynamoDb({ clock: systemClock, chance: systemChance, region: 'us-east-1' });
  const aws = callInProcess([dynamodb], 'http://embedded');
  const send = (operation: string, input: object) => aws('dynamodb', operation, asApiInput(input));
  const functions: Counted<FunctionWork>[] = [];
  const managed: Counted<ManagedWork>[] = [];
  try {
    for (const [name, table] of Object.entries(design.tables))
      await send('CreateTable', tableInput(name, table));
    for (const { table, item } of design.items) await send('PutItem', { TableName: table, Item: item });
    for (const work of design.life) {
      const calls: PaidCall[] = [];
      for (const request of work.requests ?? []) calls.push(await paidCall(send, request));
      if ('run' in work) functions.push({ ...work, calls: [...calls, ...messagesOf(work)] });
      else managed.push({ ...work, calls });
    }
  } finally {
    dynamodb.close();
  }
  for (const { run } of functions)
    if (!(run in design.functions)) throw new RangeError(`${design.title} has no function ${run}`);
  return { design, functions, managed };
}

type Send = (operation: string, input: object) => Promise<Readonly<Record<string, unknown>>>;

async function paidCall(send: Send, { operation, input }: TableRequest): Promise<PaidCall> {
  const { ConsumedCapacity } = await send(operation, { ...input, ReturnConsumedCapacity: 'TOTAL' });
  const consumed = [ConsumedCapacity].flat() as readonly { readonly CapacityUnits: number }[];
  const units = consumed.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
  const isRead = ['BatchGetItem', 'GetItem', 'Query'].includes(operation);
  const [readUnits, writeUnits] = isRead ? [units, 0] : [0, units];
  return { api: 'DynamoDB', operation, readUnits, writeUnits, requests: 0 };
}

/** No message of these designs is longer than the 64 KiB that count as one. */
function messagesOf({ events = [], published = 0 }: FunctionWork): readonly PaidCall[] {
  const free = { readUnits: 0, writeUnits: 0 };
  const put = { ...free, api: 'EventBridge', operation: 'PutEvents', requests: events.length } as const;
  const publish = { ...free, api: 'SNS', operation: 'Publish', requests: published } as const;
  return [put, publish].filter(({ requests }) => requests > 0);
}

const attributeMaps = new Set(['Item', 'Key', 'ExpressionAttributeValues']);

/** Plain values as DynamoDB's API writes them. */
function asApiInput(input: object): Record<string, unknown> {
  const written = (name: string, value: unknown): unknown => {
    if (attributeMaps.has(name)) return marshall(value);
    if (name === 'Keys') return (value as readonly object[]).map((key) => marshall(key));
    if (Array.isArray(value)) return value.map((each) => written('', each));
    return typeof value === 'object' && value !== null ? asApiInput(value) : value;
  };
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, written(name, value)]));
}

function tableInput(TableName: string, table: PeerTable): object {
  const { indexes = {} } = table;
  const schema = ({ hash, range }: KeyNames) => [
    { AttributeName: hash, KeyType: 'HASH' },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' }]),
  ];
  const names = [table, ...Object.values(indexes)].flatMap(({ hash, range }) => [hash, range ?? hash]);
  const global = Object.entries(indexes).map(([IndexName, keys]) => ({
    IndexName,
    KeySchema: schema(keys),
    Projection: { ProjectionType: 'ALL' },
  }));
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: schema(table),
    AttributeDefinitions: [...new Set(names)].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
  };
}

/** What of a design is counted: what our orders have, too, or all that it does. */
export type Extent = 'same life' | 'all';

const within = (extent: Extent) => (work: PeerWork) => extent === 'all' || work.beyond === undefined;

/** The runs of a design's functions, as if they had been metered. */
export function lifeOf({ design, functions }: CountedDesign, extent: Extent): Life {
  const chosen = functions.filter(within(extent));
  const runOf = (work: Counted<FunctionWork>): Run => {
    const [service = '', functionName = ''] = work.run.split('/');
    const { memoryMb, architecture } = design.functions[work.run] ?? { memoryMb: 128 };
    const awaited = chosen.filter(({ step, run }) => step === work.step && work.awaits?.includes(run));
    return {
      service,
      functionName,
      memoryMb,
      ...(architecture && { architecture }),
      source: work.on,
      logged: work.logged ?? [],
      calls: work.calls,
      awaits: awaited.map(runOf),
      joinsTrace: work.joinsTrace ?? false,
    };
  };
  const runsOf = (step: Step) => chosen.filter((work) => work.step === step).map(runOf);
  return {
    steps: Object.fromEntries(stepNames.map((step) => [step, runsOf(step)])) as Record<Step, Run[]>,
    lookUpRequests: {},
  };
}

/** What one order makes AWS charge for outside of functions: requests to APIs, states, and what they read and write. */
export const managedUsage = ({ managed }: CountedDesign, extent: Extent): readonly Usage[] =>
  managed.filter(within(extent)).map(({ charge, calls }) =>
    usage({
      [charge]: 1,
      readUnits: calls.reduce((sum, { readUnits }) => sum + readUnits, 0),
      writeUnits: calls.reduce((sum, { writeUnits }) => sum + writeUnits, 0),
    }),
  );

import type { AwsCall } from '../../aws/call.ts';
import {
  ACCOUNT,
  listResources,
  pseudoParameters,
  type Resource,
  type ResourceValues,
  resolveString,
  resolveValue,
  type Scope,
} from './cloudformation.ts';
import { ensureQueue, planQueue, type QueuePlan } from './queues.ts';
import { ensureTable, planTable, type TablePlan } from './tables.ts';

const TABLE = 'AWS::DynamoDB::Table';
const QUEUE = 'AWS::SQS::Queue';

export interface ResourcePlan {
  readonly tables: ReadonlyMap<string, TablePlan>;
  readonly queues: ReadonlyMap<string, QueuePlan>;
  /** What the template's names stand for, as far as it is known before anything is created. */
  readonly scope: Scope;
}

export interface PlanOptions {
  readonly region: string;
  /** The CloudFormation stack's name: `<service>-<stage>`. */
  readonly stack: string;
  /** Where SQS answers; `Ref` of a queue is a URL there. */
  readonly sqsEndpoint: string;
  /** Seconds, instead of every queue's own VisibilityTimeout. */
  readonly visibilityTimeout?: number | undefined;
}

const physicalName = (logicalId: string, { Type, Properties }: Resource, scope: Scope): string => {
  const given = resolveString(Type === TABLE ? Properties.TableName : Properties.QueueName, scope);
  const suffix = Type === QUEUE && String(Properties.FifoQueue) === 'true' ? '.fifo' : '';
  return given ?? `${scope.pseudo['AWS::StackName']}-${logicalId}${suffix}`;
};

const valuesOf = (name: string, type: string, options: PlanOptions): ResourceValues =>
  type === QUEUE
    ? {
        ref: `${options.sqsEndpoint}/${ACCOUNT}/${name}`,
        attributes: {
          Arn: `arn:aws:sqs:${options.region}:${ACCOUNT}:${name}`,
          QueueName: name,
          QueueUrl: `${options.sqsEndpoint}/${ACCOUNT}/${name}`,
        },
      }
    : { ref: name, attributes: { Arn: `arn:aws:dynamodb:${options.region}:${ACCOUNT}:table/${name}` } };

/**
 * Reads the tables and queues out of a service's resources; every other type is ignored.
 * @param resources `resources` of serverless.yml, variables resolved, intrinsic functions not
 */
export const planResources = (resources: unknown, options: PlanOptions): ResourcePlan => {
  const pseudo = pseudoParameters(options.region, options.stack);
  const ours = [...listResources(resources)].filter(([, { Type }]) => Type === TABLE || Type === QUEUE);
  const names = new Map(
    ours.map(([id, resource]) => [id, physicalName(id, resource, { resources: new Map(), pseudo })]),
  );
  const nameOf = (id: string): string => names.get(id) ?? id;
  const values = ours.map(([id, { Type }]) => [id, valuesOf(nameOf(id), Type, options)] as const);
  const scope: Scope = { resources: new Map(values), pseudo };
  const tables = new Map<string, TablePlan>();
  const queues = new Map<string, QueuePlan>();
  for (const [id, { Type, Properties }] of ours) {
    const properties = resolveValue(Properties, scope) as Record<string, unknown>;
    if (Type === TABLE) tables.set(id, planTable(nameOf(id), properties));
    else queues.set(id, planQueue(nameOf(id), properties, options.visibilityTimeout));
  }
  return { tables, queues, scope };
};

type Created = readonly (readonly [id: string, values: ResourceValues])[];

const createTables = (tables: ResourcePlan['tables'], call: AwsCall): Promise<Created> =>
  Promise.all(
    [...tables].map(async ([id, table]) => {
      const { TableArn = '', LatestStreamArn = '' } = await ensureTable(call, table);
      return [id, { ref: table.name, attributes: { Arn: TableArn, StreamArn: LatestStreamArn } }] as const;
    }),
  );

const createQueues = async ({ queues, scope }: ResourcePlan, call: AwsCall): Promise<Created> => {
  const create = ([id, queue]: readonly [string, QueuePlan]) =>
    ensureQueue(call, queue).then((url) => {
      const attributes = { ...scope.resources.get(id)?.attributes, QueueUrl: url };
      return [id, { ref: url, attributes }] as const;
    });
  const redrives = ([, { attributes }]: readonly [string, QueuePlan]): boolean =>
    'RedrivePolicy' in attributes;
  // A queue's dead-letter queue must exist before it.
  const others = await Promise.all([...queues].filter((each) => !redrives(each)).map(create));
  return [...others, ...(await Promise.all([...queues].filter(redrives).map(create)))];
};

/**
 * Creates what the plan names, and brings what exists already up to it.
 * @returns the scope with the stream ARNs and queue URLs of the created resources
 * @throws Error when a table exists with other keys or indexes
 */
export const createResources = async (plan: ResourcePlan, call: AwsCall): Promise<Scope> => {
  const [tables, queues] = await Promise.all([createTables(plan.tables, call), createQueues(plan, call)]);
  const { resources, pseudo } = plan.scope;
  return { resources: new Map([...resources, ...tables, ...queues]), pseudo };
};

import { type Mappings, readMappings } from '../../aws/event-sources/mapping.ts';
import { resolveString, type Scope } from './cloudformation.ts';

type Settings = Readonly<Record<string, unknown>>;
type Translate = (value: unknown, scope: Scope, where: string) => Settings;

const settingsOf = (event: unknown): Settings =>
  typeof event === 'string' ? { arn: event } : { ...(Object(event) as Settings) };

const arnOf = (value: unknown, scope: Scope, where: string): string => {
  const arn = resolveString(value, scope);
  if (arn !== undefined) return arn;
  throw new Error(
    `${where}: the arn ${JSON.stringify(value)} names no table or queue of this service. Use !GetAtt of a resource in the same serverless.yml, or a plain ARN.`,
  );
};

const as =
  (name: string): Translate =>
  (value) => ({ [name]: value });

const filterCriteria: Translate = (patterns) => ({
  FilterCriteria: {
    Filters: (Array.isArray(patterns) ? patterns : [patterns]).map((pattern) => ({
      Pattern: JSON.stringify(pattern),
    })),
  },
});

const onFailure: Translate = (destinations, scope, where) => {
  const target: unknown = Object(destinations).onFailure;
  const Destination = arnOf(Object(target).arn ?? target, scope, `${where}: destinations.onFailure`);
  return { DestinationConfig: { OnFailure: { Destination } } };
};

const common: Readonly<Record<string, Translate>> = {
  arn: (arn, scope, where) => ({ EventSourceArn: arnOf(arn, scope, where) }),
  enabled: as('Enabled'),
  batchSize: as('BatchSize'),
  functionResponseType: (type) => ({ FunctionResponseTypes: [type] }),
  filterPatterns: filterCriteria,
};

/** What Serverless makes of each setting: https://github.com/oss-serverless/serverless/blob/main/docs/events/sqs.md */
const ofQueues: typeof common = {
  ...common,
  maximumBatchingWindow: as('MaximumBatchingWindowInSeconds'),
  maximumConcurrency: (MaximumConcurrency) => ({ ScalingConfig: { MaximumConcurrency } }),
};

/** What Serverless makes of each setting: https://github.com/oss-serverless/serverless/blob/main/docs/events/streams.md */
const ofStreams: typeof common = {
  ...common,
  type: () => ({}),
  batchWindow: as('MaximumBatchingWindowInSeconds'),
  startingPosition: as('StartingPosition'),
  bisectBatchOnFunctionError: as('BisectBatchOnFunctionError'),
  maximumRetryAttempts: as('MaximumRetryAttempts'),
  maximumRecordAgeInSeconds: as('MaximumRecordAgeInSeconds'),
  parallelizationFactor: as('ParallelizationFactor'),
  tumblingWindowInSeconds: as('TumblingWindowInSeconds'),
  destinations: onFailure,
};

/** Serverless's own defaults, which differ from Lambda's. */
const STREAM_DEFAULTS: Settings = { BatchSize: 10, StartingPosition: 'TRIM_HORIZON' };

const translate = (
  event: unknown,
  settings: typeof common,
  scope: Scope,
  where: string,
): Settings | undefined => {
  const given = settingsOf(event);
  if (given.enabled === false) return undefined;
  if (given.type === 'kinesis') throw new Error(`${where}: a Kinesis stream is not implemented locally.`);
  const parts = Object.entries(given).map(([name, value]) => {
    const setting = settings[name];
    if (setting === undefined) throw new Error(`${where}: ${name} is not implemented locally.`);
    return setting(value, scope, where);
  });
  return Object.assign({}, ...parts);
};

/**
 * Reads the SQS and DynamoDB stream events out of a service's functions.
 * @param functions `functions` of serverless.yml as Serverless resolved it (with `name`)
 * @param concurrency the most batches of one queue at a time, whatever the function allows
 * @throws Error that names the function and the setting that is not implemented, or whose `arn` is of no resource of
 *   the service
 */
export const readServerlessMappings = (
  functions: Readonly<Record<string, unknown>>,
  scope: Scope,
  concurrency: number,
): Mappings => {
  const inputs: Settings[] = [];
  for (const definition of Object.values(functions)) {
    const { name, events = [] } = Object(definition) as { name: string; events?: readonly Settings[] };
    for (const { sqs, stream } of events) {
      const queue = sqs === undefined ? undefined : translate(sqs, ofQueues, scope, name);
      if (queue) inputs.push({ FunctionName: name, ...queue });
      const table = stream === undefined ? undefined : translate(stream, ofStreams, scope, name);
      if (table) inputs.push({ FunctionName: name, ...STREAM_DEFAULTS, ...table });
    }
  }
  return readMappings(inputs, concurrency);
};

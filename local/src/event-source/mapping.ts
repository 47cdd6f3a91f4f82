import { resolveString, type Scope } from '../cloudformation.ts';
import type { Pattern } from './filter.ts';

interface Mapping {
  /** The deployed name, e.g. `orders-dev-publish-events`. */
  readonly functionName: string;
  readonly arn: string;
  readonly batchSize: number;
  readonly batchWindowMs: number;
  readonly partialAnswers: boolean;
  readonly filterPatterns: readonly Pattern[];
}

export interface SqsMapping extends Mapping {
  readonly maximumConcurrency: number;
}

export interface StreamMapping extends Mapping {
  readonly startingPosition: 'LATEST' | 'TRIM_HORIZON';
  readonly bisect: boolean;
  /** -1: until the record expires. */
  readonly maximumRetryAttempts: number;
  /** -1: until the record expires. */
  readonly maximumRecordAgeSeconds: number;
  /** ARN of the queue that gets the position of discarded records. */
  readonly onFailure?: string;
}

export interface Mappings {
  readonly sqs: readonly SqsMapping[];
  readonly streams: readonly StreamMapping[];
}

const SQS_BATCH = 10;
const STREAM_BATCH = 100;

type Settings = Readonly<Record<string, unknown>>;

const settingsOf = (event: unknown): Settings =>
  typeof event === 'string' ? { arn: event } : { ...(Object(event) as Settings) };

const number = (value: unknown, fallback: number): number => (value === undefined ? fallback : Number(value));

const arnOf = (value: unknown, scope: Scope, where: string): string => {
  const arn = resolveString(value, scope);
  if (arn !== undefined) return arn;
  throw new Error(
    `${where}: the arn ${JSON.stringify(value)} names no table or queue of this service. Use !GetAtt of a resource in the same serverless.yml, or a plain ARN.`,
  );
};

const common = (functionName: string, settings: Settings, scope: Scope, batchSize: number) => ({
  functionName,
  arn: arnOf(settings.arn, scope, functionName),
  batchSize: number(settings.batchSize, batchSize),
  partialAnswers: settings.functionResponseType === 'ReportBatchItemFailures',
  filterPatterns: (settings.filterPatterns ?? []) as readonly Pattern[],
});

const sqsMapping = (
  functionName: string,
  settings: Settings,
  scope: Scope,
  concurrency: number,
): SqsMapping => ({
  ...common(functionName, settings, scope, SQS_BATCH),
  batchWindowMs: number(settings.maximumBatchingWindow, 0) * 1000,
  maximumConcurrency: Math.min(number(settings.maximumConcurrency, concurrency), concurrency),
});

const onFailureArn = (settings: Settings, scope: Scope, where: string): { onFailure?: string } => {
  const { onFailure } = Object(settings.destinations);
  if (onFailure === undefined) return {};
  const target: unknown = Object(onFailure).arn ?? onFailure;
  return { onFailure: arnOf(target, scope, `${where}: destinations.onFailure`) };
};

const streamMapping = (functionName: string, settings: Settings, scope: Scope): StreamMapping => ({
  ...common(functionName, settings, scope, STREAM_BATCH),
  batchWindowMs: number(settings.batchWindow, 0) * 1000,
  startingPosition: settings.startingPosition === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON',
  bisect: settings.bisectBatchOnFunctionError === true,
  maximumRetryAttempts: number(settings.maximumRetryAttempts, -1),
  maximumRecordAgeSeconds: number(settings.maximumRecordAgeInSeconds, -1),
  ...onFailureArn(settings, scope, functionName),
});

const enabled = (event: unknown): boolean => Object(event).enabled !== false;

const isKinesis = ({ type, arn }: Settings): boolean =>
  type === 'kinesis' || (typeof arn === 'string' && arn.includes(':kinesis:'));

/**
 * Reads the SQS and DynamoDB stream events out of a service's functions.
 * @param functions `functions` of serverless.yml as Serverless resolved it (with `name`)
 * @param concurrency the most batches of one queue at a time, whatever the function allows
 * @throws Error that names the function whose `arn` is of no resource of the service
 */
export const readMappings = (
  functions: Readonly<Record<string, unknown>>,
  scope: Scope,
  concurrency: number,
): Mappings => {
  const sqs: SqsMapping[] = [];
  const streams: StreamMapping[] = [];
  for (const definition of Object.values(functions)) {
    const { name, events = [] } = Object(definition) as { name: string; events?: readonly Settings[] };
    for (const event of events) {
      const { sqs: queue, stream } = event;
      if (queue !== undefined && enabled(queue)) {
        sqs.push(sqsMapping(name, settingsOf(queue), scope, concurrency));
      }
      const settings = settingsOf(stream);
      const fromTable = stream !== undefined && !isKinesis(settings);
      if (fromTable && enabled(stream)) streams.push(streamMapping(name, settings, scope));
    }
  }
  return { sqs, streams };
};

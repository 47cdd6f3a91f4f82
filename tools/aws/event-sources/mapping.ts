import type { JsonObject } from '../protocol/service.ts';
import { checkPattern, type Pattern } from './filter.ts';

interface Mapping {
  /** The deployed name, e.g. `orders-dev-publish-events`. */
  readonly functionName: string;
  readonly arn: string;
  readonly batchSize: number;
  readonly batchWindowMs: number;
  /** ReportBatchItemFailures. */
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

/** Lambda's own limit: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const MAXIMUM_CONCURRENCY = 1000;

const COMMON = [
  'FunctionName',
  'EventSourceArn',
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FunctionResponseTypes',
  'FilterCriteria',
];
const OF_SQS = new Set([...COMMON, 'ScalingConfig']);
const OF_STREAMS = new Set([
  ...COMMON,
  'StartingPosition',
  'BisectBatchOnFunctionError',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'ParallelizationFactor',
  'TumblingWindowInSeconds',
  'DestinationConfig',
]);

/** Reads the parameters of one event source mapping; every error names the function and the parameter. */
class Parameters {
  readonly functionName: string;
  readonly #input: JsonObject;

  constructor(input: JsonObject) {
    this.#input = input;
    this.functionName = String(input.FunctionName ?? '');
    if (this.functionName === '') throw new Error('An event source mapping needs a FunctionName.');
  }

  fail(problem: string): never {
    throw new Error(`${this.functionName}: ${problem}`);
  }

  /** Refuses whatever is not in the list. */
  only(implemented: ReadonlySet<string>, source: string): void {
    const unknown = Object.keys(this.#input).find((name) => !implemented.has(name));
    if (unknown !== undefined) this.fail(`${unknown} is not implemented for ${source}.`);
  }

  text(name: string): string | undefined {
    const value = this.#input[name];
    return value === undefined || typeof value === 'string' ? value : this.fail(`${name} must be a text.`);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#input[name];
    if (value === undefined) return fallback;
    return typeof value === 'boolean' ? value : this.fail(`${name} must be true or false.`);
  }

  number(name: string, fallback: number, least: number, most: number): number {
    return this.#numberIn(name, this.#input[name], fallback, least, most);
  }

  list(name: string): readonly unknown[] {
    const value = this.#input[name] ?? [];
    return Array.isArray(value) ? value : this.fail(`${name} must be a list.`);
  }

  /** A member of an object that may have no other. */
  member(name: string, only: string): unknown {
    const value = this.#input[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || value === null) return this.fail(`${name} must be an object.`);
    const other = Object.keys(value).find((key) => key !== only);
    if (other !== undefined) this.fail(`${name}.${other} is not implemented.`);
    return Object.entries(value).find(([key]) => key === only)?.[1];
  }

  maximumConcurrency(): number {
    const value = this.member('ScalingConfig', 'MaximumConcurrency');
    const name = 'ScalingConfig.MaximumConcurrency';
    return this.#numberIn(name, value, MAXIMUM_CONCURRENCY, 2, MAXIMUM_CONCURRENCY);
  }

  #numberIn(name: string, value: unknown, fallback: number, least: number, most: number): number {
    if (value === undefined) return fallback;
    const number = typeof value === 'string' && value !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most) {
      return number;
    }
    return this.fail(
      `${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}.`,
    );
  }
}

const partialAnswers = (parameters: Parameters): boolean => {
  const types = parameters.list('FunctionResponseTypes');
  const other = types.find((type) => type !== 'ReportBatchItemFailures');
  if (other !== undefined) parameters.fail(`FunctionResponseTypes ${JSON.stringify(other)} is unknown.`);
  return types.length > 0;
};

/** Five, unless AWS raises the quota: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
const FILTERS = 5;

const filterPatterns = (parameters: Parameters): readonly Pattern[] => {
  const filters = parameters.member('FilterCriteria', 'Filters') ?? [];
  if (!Array.isArray(filters)) return parameters.fail('FilterCriteria.Filters must be a list.');
  if (filters.length > FILTERS) parameters.fail(`FilterCriteria has more than ${FILTERS} filters.`);
  return filters.map((filter) => {
    try {
      return checkPattern(JSON.parse(String(Object(filter).Pattern)));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return parameters.fail(`FilterCriteria has a pattern that is none: ${reason}`);
    }
  });
};

const common = (parameters: Parameters, arn: string) => ({
  functionName: parameters.functionName,
  arn,
  batchWindowMs: parameters.number('MaximumBatchingWindowInSeconds', 0, 0, 300) * 1000,
  partialAnswers: partialAnswers(parameters),
  filterPatterns: filterPatterns(parameters),
});

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html */
const sqsMapping = (parameters: Parameters, arn: string, concurrency: number): SqsMapping => {
  parameters.only(OF_SQS, 'queues');
  const fifo = arn.endsWith('.fifo');
  const batchSize = parameters.number('BatchSize', 10, 1, fifo ? 10 : 10_000);
  const settings = common(parameters, arn);
  if (fifo && settings.batchWindowMs > 0) {
    parameters.fail('MaximumBatchingWindowInSeconds is not supported for FIFO queues.');
  }
  if (batchSize > 10 && settings.batchWindowMs === 0) {
    parameters.fail('A BatchSize above 10 needs MaximumBatchingWindowInSeconds of at least 1.');
  }
  return {
    ...settings,
    batchSize,
    maximumConcurrency: Math.min(parameters.maximumConcurrency(), concurrency),
  };
};

const onFailure = (parameters: Parameters): { readonly onFailure?: string } => {
  const target = parameters.member('DestinationConfig', 'OnFailure');
  if (target === undefined) return {};
  const arn: unknown = Object(target).Destination;
  if (typeof arn === 'string' && arn.startsWith('arn:aws:sqs:')) return { onFailure: arn };
  return parameters.fail('DestinationConfig.OnFailure is implemented for a queue only.');
};

const startingPosition = (parameters: Parameters): StreamMapping['startingPosition'] => {
  const position = parameters.text('StartingPosition');
  if (position === 'LATEST' || position === 'TRIM_HORIZON') return position;
  return parameters.fail('StartingPosition must be LATEST or TRIM_HORIZON.');
};

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html */
const streamMapping = (parameters: Parameters, arn: string): StreamMapping => {
  parameters.only(OF_STREAMS, 'table streams');
  if (parameters.number('ParallelizationFactor', 1, 1, 10) > 1) {
    parameters.fail('ParallelizationFactor above 1 is not implemented.');
  }
  if (parameters.number('TumblingWindowInSeconds', 0, 0, 900) > 0) {
    parameters.fail('TumblingWindowInSeconds is not implemented.');
  }
  const age = parameters.number('MaximumRecordAgeInSeconds', -1, -1, 604_800);
  if (age >= 0 && age < 60) parameters.fail('MaximumRecordAgeInSeconds must be -1, or 60 to 604800.');
  return {
    ...common(parameters, arn),
    batchSize: parameters.number('BatchSize', 100, 1, 10_000),
    startingPosition: startingPosition(parameters),
    bisect: parameters.flag('BisectBatchOnFunctionError', false),
    maximumRetryAttempts: parameters.number('MaximumRetryAttempts', -1, -1, 10_000),
    maximumRecordAgeSeconds: age,
    ...onFailure(parameters),
  };
};

/**
 * Reads event source mappings as CreateEventSourceMapping and CloudFormation take them. What is not implemented is
 * refused by name; what is disabled is left out.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 * @param concurrency the most batches of one queue at a time, whatever a mapping allows
 * @throws Error that names the function and the parameter
 */
export const readMappings = (inputs: readonly JsonObject[], concurrency = MAXIMUM_CONCURRENCY): Mappings => {
  const sqs: SqsMapping[] = [];
  const streams: StreamMapping[] = [];
  for (const input of inputs) {
    const parameters = new Parameters(input);
    if (!parameters.flag('Enabled', true)) continue;
    const arn = parameters.text('EventSourceArn') ?? '';
    const source = arn.split(':')[2];
    if (source === 'sqs') sqs.push(sqsMapping(parameters, arn, concurrency));
    else if (source === 'dynamodb') streams.push(streamMapping(parameters, arn));
    else
      parameters.fail(`EventSourceArn ${JSON.stringify(arn)} is neither of a queue nor of a table's stream.`);
  }
  return { sqs, streams };
};

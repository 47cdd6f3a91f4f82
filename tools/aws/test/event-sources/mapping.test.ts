import { readMappings } from '../../event-sources/mapping.ts';

const queue = 'arn:aws:sqs:eu-central-1:000000000000:work';
const fifo = `${queue}.fifo`;
const stream = 'arn:aws:dynamodb:eu-central-1:000000000000:table/t/stream/1';

const read = (EventSourceArn: string, more: object = {}) =>
  readMappings([{ FunctionName: 'work', EventSourceArn, ...more }]);
const readStream = (more: object = {}) => read(stream, { StartingPosition: 'LATEST', ...more });

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
describe('of a queue', () => {
  it('has the defaults of AWS', () => {
    expect(read(fifo)).toEqual({
      sqs: [
        {
          functionName: 'work',
          arn: fifo,
          batchSize: 10,
          batchWindowMs: 0,
          partialAnswers: false,
          filterPatterns: [],
          maximumConcurrency: 1000,
        },
      ],
      streams: [],
    });
  });

  it.each([
    ['more than 10 messages of a FIFO queue', fifo, { BatchSize: 11 }, /BatchSize must be .* from 1 to 10,/],
    ['a window for a FIFO queue', fifo, { MaximumBatchingWindowInSeconds: 1 }, /not supported for FIFO/],
    ['more than 10,000 messages', queue, { BatchSize: 10_001, MaximumBatchingWindowInSeconds: 1 }, /10000/],
    ['more than 10 messages without a window', queue, { BatchSize: 11 }, /MaximumBatchingWindowInSeconds/],
    ['a window above 300 s', queue, { MaximumBatchingWindowInSeconds: 301 }, /0 to 300/],
    ['a concurrency of 1', queue, { ScalingConfig: { MaximumConcurrency: 1 } }, /from 2 to 1000/],
    ['another scaling', queue, { ScalingConfig: { Minimum: 1 } }, /ScalingConfig.Minimum is not implemented/],
    ['a setting of streams', queue, { BisectBatchOnFunctionError: true }, /BisectBatch.* for queues/],
    ['pollers', queue, { ProvisionedPollerConfig: {} }, /ProvisionedPollerConfig is not implemented/],
    ['another response type', queue, { FunctionResponseTypes: ['Other'] }, /"Other"/],
    ['another text than a number', queue, { BatchSize: 'many' }, /BatchSize/],
  ])('refuses %s', (_name, arn, more, message) => {
    expect(() => read(arn, more)).toThrow(message);
  });

  it('takes 10,000 messages with a window, and never works on more batches than the machine should', () => {
    const input = {
      FunctionName: 'work',
      EventSourceArn: queue,
      BatchSize: 10_000,
      MaximumBatchingWindowInSeconds: 1,
      ScalingConfig: { MaximumConcurrency: 50 },
    };
    expect(readMappings([input], 5).sqs).toMatchObject([
      { batchSize: 10_000, batchWindowMs: 1000, maximumConcurrency: 5 },
    ]);
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
describe('of a stream', () => {
  it('has the defaults of AWS', () => {
    expect(readStream().streams).toEqual([
      {
        functionName: 'work',
        arn: stream,
        batchSize: 100,
        batchWindowMs: 0,
        partialAnswers: false,
        filterPatterns: [],
        startingPosition: 'LATEST',
        bisect: false,
        maximumRetryAttempts: -1,
        maximumRecordAgeSeconds: -1,
      },
    ]);
  });

  it.each([
    ['no starting position', { StartingPosition: undefined }, /StartingPosition/],
    ['a position that is of Kinesis only', { StartingPosition: 'AT_TIMESTAMP' }, /StartingPosition/],
    ['several batches of a shard at once', { ParallelizationFactor: 2 }, /ParallelizationFactor/],
    ['a tumbling window', { TumblingWindowInSeconds: 1 }, /TumblingWindowInSeconds/],
    ['an age below a minute', { MaximumRecordAgeInSeconds: 59 }, /60 to 604800/],
    ['too many retries', { MaximumRetryAttempts: 10_001 }, /MaximumRetryAttempts/],
    [
      'a topic for failures',
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:r:1:t' } } },
      /queue/,
    ],
    ['a destination for successes', { DestinationConfig: { OnSuccess: {} } }, /DestinationConfig.OnSuccess/],
    ['a setting of queues', { ScalingConfig: {} }, /ScalingConfig is not implemented for table streams/],
  ])('refuses %s', (_name, more, message) => {
    expect(() => readStream(more)).toThrow(message);
  });

  it('takes a factor of 1 and a window of 0, which are what it does', () => {
    expect(readStream({ ParallelizationFactor: 1, TumblingWindowInSeconds: 0 }).streams).toHaveLength(1);
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
describe('filters', () => {
  const filters = (...patterns: string[]) => ({
    FilterCriteria: { Filters: patterns.map((Pattern) => ({ Pattern })) },
  });

  it('are JSON texts', () => {
    expect(read(queue, filters('{"body":{"a":[1]}}')).sqs[0]?.filterPatterns).toEqual([{ body: { a: [1] } }]);
    expect(() => read(queue, filters('{'))).toThrow(/work: FilterCriteria has a pattern that is none/);
  });

  it('are refused when an operator is not implemented', () => {
    expect(() => read(queue, filters('{"body":{"a":[{"cidr":"10.0.0.0/8"}]}}'))).toThrow(/"cidr"/);
  });

  it('are five at most', () => {
    const six = Array.from({ length: 6 }, () => '{"body":{"a":[1]}}');
    expect(() => read(queue, filters(...six))).toThrow(/more than 5/);
  });
});

it('refuses other sources, and leaves out what is disabled', () => {
  expect(() => read('arn:aws:kinesis:eu-central-1:1:stream/x')).toThrow(/work: EventSourceArn/);
  expect(read(queue, { Enabled: false })).toEqual({ sqs: [], streams: [] });
});

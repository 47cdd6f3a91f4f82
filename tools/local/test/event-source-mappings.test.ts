import type { Scope } from '../src/cloudformation.ts';
import { readServerlessMappings } from '../src/event-source-mappings.ts';

const scope: Scope = {
  resources: new Map([
    ['Queue', { ref: 'url', attributes: { Arn: 'arn:aws:sqs:eu-central-1:000000000000:queue' } }],
    [
      'Table',
      {
        ref: 'table',
        attributes: { StreamArn: 'arn:aws:dynamodb:eu-central-1:000000000000:table/t/stream/1' },
      },
    ],
  ]),
  pseudo: {},
};

const one = (event: object) =>
  readServerlessMappings({ work: { name: 'svc-dev-work', events: [event] } }, scope, 5);

it('a queue event has the defaults of AWS, with the concurrency of the machine', () => {
  expect(one({ sqs: 'arn:aws:sqs:eu-central-1:000000000000:plain' })).toEqual({
    sqs: [
      {
        functionName: 'svc-dev-work',
        arn: 'arn:aws:sqs:eu-central-1:000000000000:plain',
        batchSize: 10,
        batchWindowMs: 0,
        partialAnswers: false,
        filterPatterns: [],
        maximumConcurrency: 5,
      },
    ],
    streams: [],
  });
});

it('every setting of a queue event is read, with a concurrency up to that of the machine', () => {
  const sqs = {
    arn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
    batchSize: 20,
    maximumBatchingWindow: 2,
    functionResponseType: 'ReportBatchItemFailures',
    filterPatterns: [{ body: { a: [1] } }],
    maximumConcurrency: 50,
  };
  expect(one({ sqs }).sqs).toEqual([
    {
      functionName: 'svc-dev-work',
      arn: 'arn:aws:sqs:eu-central-1:000000000000:queue',
      batchSize: 20,
      batchWindowMs: 2000,
      partialAnswers: true,
      filterPatterns: [{ body: { a: [1] } }],
      maximumConcurrency: 5,
    },
  ]);
  expect(one({ sqs: { ...sqs, maximumConcurrency: 2 } }).sqs[0]?.maximumConcurrency).toBe(2);
});

it('every setting of a stream event is read', () => {
  const stream = {
    type: 'dynamodb',
    arn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
    batchSize: 50,
    batchWindow: 1,
    startingPosition: 'LATEST',
    functionResponseType: 'ReportBatchItemFailures',
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: 3,
    maximumRecordAgeInSeconds: 60,
    destinations: { onFailure: { arn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, type: 'sqs' } },
  };
  expect(one({ stream }).streams).toEqual([
    {
      functionName: 'svc-dev-work',
      arn: 'arn:aws:dynamodb:eu-central-1:000000000000:table/t/stream/1',
      batchSize: 50,
      batchWindowMs: 1000,
      partialAnswers: true,
      filterPatterns: [],
      startingPosition: 'LATEST',
      bisect: true,
      maximumRetryAttempts: 3,
      maximumRecordAgeSeconds: 60,
      onFailure: 'arn:aws:sqs:eu-central-1:000000000000:queue',
    },
  ]);
});

it('a stream event has the defaults of Serverless', () => {
  const [stream] = one({
    stream: { type: 'dynamodb', arn: { 'Fn::GetAtt': ['Table', 'StreamArn'] } },
  }).streams;
  expect(stream).toMatchObject({ batchSize: 10, startingPosition: 'TRIM_HORIZON', maximumRetryAttempts: -1 });
});

it('disabled events, other events and functions without events have no mapping', () => {
  const functions = {
    off: {
      name: 'off',
      events: [{ sqs: { arn: 'arn:q', enabled: false } }, { stream: { arn: 'arn:s', enabled: false } }],
    },
    http: { name: 'http', events: [{ httpApi: 'GET /' }] },
    none: { name: 'none' },
  };
  expect(readServerlessMappings(functions, scope, 5)).toEqual({ sqs: [], streams: [] });
});

const stream = 'arn:aws:dynamodb:eu-central-1:000000000000:table/t/stream/1';

it.each([
  [{ sqs: { arn: 'arn:aws:sqs:r:1:q', provisionedPollers: 3 } }, /svc-dev-work: provisionedPollers/],
  [{ stream: { arn: stream, consumer: true } }, /svc-dev-work: consumer/],
  [{ stream: { arn: stream, parallelizationFactor: 2 } }, /svc-dev-work: ParallelizationFactor/],
  [{ stream: { arn: stream, tumblingWindowInSeconds: 60 } }, /svc-dev-work: TumblingWindowInSeconds/],
  [{ stream: { type: 'kinesis', arn: 'arn:k' } }, /svc-dev-work: a Kinesis stream/],
  [{ stream: 'arn:aws:kinesis:eu-central-1:1:stream/x' }, /svc-dev-work: EventSourceArn/],
])('a setting that is not implemented is refused by name: %j', (event, message) => {
  expect(() => one(event)).toThrow(message);
});

it('an error names the function whose ARN matches no resource of the service', () => {
  expect(() => one({ sqs: { arn: { 'Fn::GetAtt': ['Other', 'Arn'] } } })).toThrow(/svc-dev-work: .*"Other"/);
});

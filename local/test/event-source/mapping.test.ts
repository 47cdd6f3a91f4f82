import type { Scope } from '../../src/cloudformation.ts';
import { readMappings } from '../../src/event-source/mapping.ts';

const scope: Scope = {
  resources: new Map([
    ['Queue', { ref: 'url', attributes: { Arn: 'arn:queue' } }],
    ['Table', { ref: 'table', attributes: { StreamArn: 'arn:stream' } }],
  ]),
  pseudo: {},
};

const one = (event: object) => readMappings({ work: { name: 'svc-dev-work', events: [event] } }, scope, 5);

it('reads a queue event with the defaults of AWS', () => {
  expect(one({ sqs: 'arn:plain' })).toEqual({
    sqs: [
      {
        functionName: 'svc-dev-work',
        arn: 'arn:plain',
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

it('reads every setting of a queue event, and never works on more batches than the machine should', () => {
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
      arn: 'arn:queue',
      batchSize: 20,
      batchWindowMs: 2000,
      partialAnswers: true,
      filterPatterns: [{ body: { a: [1] } }],
      maximumConcurrency: 5,
    },
  ]);
  expect(one({ sqs: { ...sqs, maximumConcurrency: 2 } }).sqs[0]?.maximumConcurrency).toBe(2);
});

it('reads every setting of a stream event', () => {
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
      arn: 'arn:stream',
      batchSize: 50,
      batchWindowMs: 1000,
      partialAnswers: true,
      filterPatterns: [],
      startingPosition: 'LATEST',
      bisect: true,
      maximumRetryAttempts: 3,
      maximumRecordAgeSeconds: 60,
      onFailure: 'arn:queue',
    },
  ]);
});

it('passes by what is disabled, what is no queue or table stream, and functions without events', () => {
  const functions = {
    off: {
      name: 'off',
      events: [{ sqs: { arn: 'arn:q', enabled: false } }, { stream: { arn: 'arn:s', enabled: false } }],
    },
    kinesis: { name: 'kinesis', events: [{ stream: { type: 'kinesis', arn: 'arn:k' } }] },
    plain: { name: 'plain', events: [{ stream: 'arn:aws:kinesis:eu-central-1:1:stream/x' }] },
    http: { name: 'http', events: [{ httpApi: 'GET /' }] },
    none: { name: 'none' },
  };
  expect(readMappings(functions, scope, 5)).toEqual({ sqs: [], streams: [] });
});

it('names the function whose arn is of nothing in the service', () => {
  expect(() => one({ sqs: { arn: { 'Fn::GetAtt': ['Other', 'Arn'] } } })).toThrow(/svc-dev-work: .*"Other"/);
});

import { addEndpoint } from '../src/endpoint.ts';
import { UsageFailure } from '../src/failure.ts';
import { findTarget, isLocal } from '../src/target.ts';

const record = {
  pid: 1,
  stage: 'dev',
  region: 'eu-west-1',
  dynamodb: 'http://127.0.0.1:8000',
  sqs: 'http://127.0.0.1:9324',
  console: 'http://127.0.0.1:3000',
  services: {},
};
const running = { find: () => record, stages: () => ['dev'] };
const none = { find: () => undefined, stages: () => [] };
const local = { dynamodb: record.dynamodb, sqs: record.sqs };

describe('a command works', () => {
  it("on the local platform that runs for its stage, in the platform's region", () => {
    const target = findTarget({ stage: 'dev' }, { AWS_REGION: 'us-east-1' }, running);

    expect(target).toEqual({ region: 'eu-west-1', endpoints: local, description: 'the local platform' });
  });

  it('on AWS only with --aws, whatever runs', () => {
    const env = { AWS_REGION: 'us-east-1' };
    const aws = { region: 'us-east-1', endpoints: {}, description: 'AWS, us-east-1' };

    expect(findTarget({ stage: 'dev', aws: true }, env, running)).toEqual(aws);
    expect(findTarget({ stage: 'dev', aws: true }, env, none)).toEqual(aws);
    expect(findTarget({ stage: 'dev', aws: true }, {}, none).region).toBe('eu-central-1');
  });

  it('at the endpoints that are given, whatever runs', () => {
    const endpoint = { dynamodb: 'http://dynamodb.test', sqs: 'http://sqs.test' };

    expect(findTarget({ stage: 'dev', endpoint }, {}, running).endpoints).toEqual(endpoint);
    expect(findTarget({ stage: 'dev' }, { AWS_ENDPOINT_URL: 'http://all.test' }, none).endpoints).toEqual({
      dynamodb: 'http://all.test',
      sqs: 'http://all.test',
    });
  });

  it('at one endpoint and on AWS for the other service, with --aws', () => {
    const target = findTarget({ stage: 'dev', aws: true, endpoint: { sqs: 'http://sqs.test' } }, {}, running);

    expect(target).toEqual({
      region: 'eu-central-1',
      endpoints: { sqs: 'http://sqs.test' },
      description: 'AWS, eu-central-1, sqs at http://sqs.test',
    });
  });

  it('in the region that is given', () => {
    expect(findTarget({ stage: 'dev', region: 'eu-north-1' }, {}, running).region).toBe('eu-north-1');
  });
});

describe('a command gives advice instead of calling AWS', () => {
  it.each([
    ['no platform runs', 'dev', [], 'Start one with npm start.'],
    ['one runs for another stage', 'dve', ['dev'], 'One runs for dev: name it with --stage, or start one'],
  ])('when %s', (_what, stage, stages, advice) => {
    const platforms = { find: () => undefined, stages: () => stages };

    const find = () => findTarget({ stage }, { AWS_REGION: 'us-east-1' }, platforms);

    expect(find).toThrow(UsageFailure);
    expect(find).toThrow(`No local platform runs for the stage ${stage}. ${advice}`);
    expect(find).toThrow(`To work on the stage ${stage} on AWS, add --aws.`);
  });

  it.each([
    ['--endpoint', { stage: 'dev', endpoint: { sqs: 'http://sqs.test' } }, {}, 'where dynamodb is'],
    ['the environment', { stage: 'dev' }, { AWS_ENDPOINT_URL_SQS: 'http://sqs.test' }, 'add --aws'],
  ])('when %s names one of the two services only', (_what, options, env, advice) => {
    expect(() => findTarget(options, env, none)).toThrow(advice);
  });
});

it.each([
  ['http://127.0.0.1:9324', true],
  ['http://localhost:4566', true],
  ['http://[::1]:4566', true],
  ['https://sqs.eu-central-1.amazonaws.com', false],
  ['http://127.0.0.1.evil.test', false],
])('%s gets dummy credentials: %s', (sqs, expected) => {
  const target = { region: 'eu-central-1', endpoints: { sqs }, description: '' };

  expect([isLocal(target, 'sqs'), isLocal(target, 'dynamodb')]).toEqual([expected, false]);
});

it('an endpoint is for both services, or for the one that it names', () => {
  expect(addEndpoint('http://a/')).toEqual({ dynamodb: 'http://a', sqs: 'http://a' });
  expect(addEndpoint('sqs=http://b', addEndpoint('http://a'))).toEqual({
    dynamodb: 'http://a',
    sqs: 'http://b',
  });
});

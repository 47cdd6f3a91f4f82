import type { CloudBroker, PlatformRecord } from '../src/platform-record.ts';
import { printReady } from '../src/ready-message.ts';

const record: PlatformRecord = {
  ...{ pid: 1, stage: 'dev', region: 'eu-central-1', dynamodb: 'http://d', sqs: 'http://s' },
  services: { orders: { url: 'http://o', pid: 2, lambdaUrl: '' } },
};
const databases = { orders: 'postgres://postgres:secret@127.0.0.1:5432/dev-orders' };

const printed = (more: Partial<PlatformRecord> = {}): string => {
  const lines: string[] = [];
  printReady({ ...record, ...more }, (line) => lines.push(line));
  return lines.join('\n');
};

it('names DynamoDB and SQS on AWS', () => {
  expect(printed()).toMatch(/orders +http:\/\/o\n +DynamoDB +http:\/\/d\n +SQS +http:\/\/s\n/);
});

it.each<[string, CloudBroker, readonly string[]]>([
  [
    'Service Bus',
    { cloud: 'azure', connectionString: 'Endpoint=sb://127.0.0.1:1', restEndpoint: 'http://127.0.0.1:2' },
    ['Endpoint=sb://127.0.0.1:1', 'http://127.0.0.1:2'],
  ],
  [
    'Pub/Sub',
    { cloud: 'google', address: '127.0.0.1:3', restEndpoint: 'http://127.0.0.1:4', project: 'orderly' },
    ['PUBSUB_EMULATOR_HOST=127.0.0.1:3 GOOGLE_CLOUD_PROJECT=orderly', 'http://127.0.0.1:4'],
  ],
])('names %s and PostgreSQL, without its password', (_what, broker, places) => {
  const text = printed({ cloud: broker.cloud, broker, databases });

  for (const place of places) expect(text).toContain(place);
  expect(text).toMatch(/PostgreSQL +127\.0\.0\.1:5432; \.orderly\/dev\.json/);
  expect(text).not.toMatch(/secret|DynamoDB|SQS/);
});

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { eventually } from '@orderly/support/eventually';
import { repositoryRoot } from '../src/ports.ts';
import { type Service, start, untilReady } from './fixture-service.ts';

/** As its folder. */
const name = `reload${process.pid}`;

const serverlessYml = `
service: ${name}
frameworkVersion: '*'
plugins: [serverless-esbuild, serverless-offline, '@orderly/local']
provider: { name: aws, runtime: nodejs20.x, region: eu-central-1, stage: reload, timeout: 20 }
custom: { esbuild: { bundle: true, watch: { pattern: ['src/*.ts'] } } }
functions:
  version:
    handler: src/version.handler
    events: [{ httpApi: GET /version }]
  large: { handler: src/large.handler }
  slow:
    handler: src/slow.handler
    events: [{ sqs: { arn: !GetAtt Work.Arn } }, { httpApi: GET /slow }]
resources:
  Resources:
    Work: { Type: AWS::SQS::Queue, Properties: { QueueName: reload-work, VisibilityTimeout: 60 } }
`;

const version = (n: number): string =>
  `export const handler = async () => ({ statusCode: 200, body: '${n}' });\n`;

/** Takes longer to bundle than the time between two changes. */
const large = `
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
export const handler = async () => [DynamoDBClient, SQSClient].map(({ name }) => name);
`;

/** Says when it starts, so that a reload can come in the middle of it. */
const slow = `
export const handler = async () => {
  console.log('slow has started');
  await new Promise((done) => setTimeout(done, 1500));
  console.log('slow has finished');
  return { statusCode: 200, body: 'slow' };
};
`;

const folder = join(repositoryRoot, '.orderly', name);
let service: Service;

const count = (text: string): number => service.lines.filter((line) => line.includes(text)).length;
const change = (n: number) => writeFileSync(join(folder, 'src', 'version.ts'), version(n));

beforeAll(async () => {
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'serverless.yml'), serverlessYml);
  writeFileSync(join(folder, 'package.json'), '{ "name": "reload", "private": true }\n');
  writeFileSync(join(folder, 'src', 'slow.ts'), slow);
  writeFileSync(join(folder, 'src', 'large.ts'), large);
  change(1);
  service = await start(['offline'], { ORDERLY_VISIBILITY_TIMEOUT: '60' }, folder);
  await untilReady(service);
});

afterAll(async () => {
  service.child.kill('SIGTERM');
  await service.exited;
  rmSync(folder, { recursive: true });
});

const served = async (): Promise<string> => (await fetch(`${service.url}/version`)).text();

it('a service runs new code soon after its file changes', async () => {
  expect(await served()).toBe('1');
  change(2);
  await eventually(async () => expect(await served()).toBe('2'));
});

it('a service runs the last of many changes, and never half of a function', async () => {
  const statuses = new Set<number>();
  let changing = true;
  const requests = (async () => {
    while (changing) statuses.add((await fetch(`${service.url}/version`)).status);
  })();
  for (let n = 10; n <= 20; n++) {
    change(n);
    // A file that keeps changing is not read.
    await delay(150);
  }
  await eventually(async () => expect(await served()).toBe('20'));
  changing = false;
  await requests;
  expect([...statuses]).toEqual([200]);
});

it('running batches and requests finish before a service takes new code', async () => {
  const client = service.clients.sqs;
  const QueueUrl = `http://127.0.0.1:${service.ports.sqs}/000000000000/reload-work`;
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  const answer = fetch(`${service.url}/slow`);
  await eventually(() => expect(count('slow has started')).toBe(2));
  change(3);
  expect((await answer).status).toBe(200);
  await eventually(async () => expect(await served()).toBe('3'));
  expect([count('slow has started'), count('slow has finished')]).toEqual([2, 2]);
  const hidden = 'ApproximateNumberOfMessagesNotVisible' as const;
  await eventually(async () => {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [hidden] }),
    );
    expect(Attributes?.[hidden]).toBe('0');
  });
});

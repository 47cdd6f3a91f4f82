import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { OrderConfirmed } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { eventually } from '@orderly/support/eventually';

const sqs = new SQSClient({});
const stage = `d${randomUUID().slice(0, 8)}`;
const urlOf = (name: string) => `${process.env.AWS_ENDPOINT_URL_SQS}/000000000000/${stage}-${name}`;
let program: ChildProcess | undefined;
afterEach(() => program?.kill('SIGKILL'));

it("docs/subscribing.md's first program goes on after a message that is no event", async () => {
  let [out, err] = ['', ''];
  program = spawn(process.execPath, ['--import', 'tsx', resolve(__dirname, '../first-event.ts')], {
    env: { ...process.env, STAGE: stage },
  });
  program.stdout?.on('data', (data) => {
    out += data;
  });
  program.stderr?.on('data', (data) => {
    err += data;
  });
  await eventually(() => expect(out).toContain('Subscribed'));
  const send = (MessageGroupId: string, MessageBody: string) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: urlOf('order-events--my-team.fifo'),
        ...{ MessageGroupId, MessageBody, MessageDeduplicationId: randomUUID() },
      }),
    );

  await send('foreign', 'hello');
  await eventually(() => expect(err).toMatch(/Message \S+ failed/));
  await send('order', JSON.stringify(sampleEvent(OrderConfirmed)));

  await eventually(() => expect(out).toMatch(/Order \S+ is confirmed/));
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: urlOf('order-events--my-team.fifo'),
      AttributeNames: ['RedrivePolicy'],
    }),
  );
  expect(JSON.parse(Attributes.RedrivePolicy ?? '')).toEqual({
    deadLetterTargetArn: expect.stringMatching(`:${stage}-dlq--order-events--my-team.fifo$`),
    maxReceiveCount: 5,
  });
});

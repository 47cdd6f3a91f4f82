import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { OrderConfirmed, OrderRejected, parseEvent } from '@orderly/contracts';
import { getOrder, placeOrder, stockedProduct } from './api.ts';
import { eventually } from './eventually.ts';
import { platform } from './platform.ts';
import { createQueue, deleteQueue, drain, queueName, queueUrl } from './queues.ts';

/** The programs that docs/subscribing.md shows, run as it says. */

const snippet = (file: string) => ['--import', 'tsx', resolve(__dirname, '../docs/snippets', file)];
const environment = () => {
  const { stage, dynamodb, sqs, region } = platform();
  return {
    ...process.env,
    STAGE: stage,
    AWS_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SQS: sqs,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
};

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

it('the first subscriber prints the confirmation of an order that is placed after it', async () => {
  let output = '';
  child = spawn(process.execPath, snippet('first-event.ts'), { env: environment() });
  child.stdout?.on('data', (data) => {
    output += data;
  });
  await eventually(() => expect(output).toContain('Subscribed'));
  const sku = await stockedProduct(50);

  // The publisher looks for new queues every second; an order from before that is not told.
  await eventually(async () => {
    const { orderId } = await placeOrder({ lines: [[sku, 1]] });
    await eventually(
      () => expect(output).toContain(`Order ${orderId} is confirmed: 250 EUR, version 2`),
      3_000,
    );
  });
  child.kill();
  await deleteQueue(await queueUrl(queueName('order-events--my-team.fifo')));
}, 60_000);

it('a replay gives a new subscriber the newest event of every order in the table', async () => {
  const [sku, none] = [await stockedProduct(1), await stockedProduct(0)];
  const confirmed = await placeOrder({ lines: [[sku, 1]] });
  const rejected = await placeOrder({ lines: [[none, 1]] });
  await eventually(async () => {
    expect((await getOrder(confirmed.orderId)).status).toBe('CONFIRMED');
    expect((await getOrder(rejected.orderId)).status).toBe('REJECTED');
  });
  // No subscription by its name: only what is replayed comes here.
  const name = queueName('replayed-order-events.fifo');
  const url = await createQueue(name);

  const argv = [...snippet('replay.ts'), queueName('orders'), name];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env: environment() });

  const replayed = new Map<string, string>();
  await eventually(async () => {
    for (const { Body = '' } of await drain(url)) {
      const parsed = parseEvent(Body);
      if (parsed.outcome === 'event') replayed.set(parsed.event.subject, parsed.event.type);
    }
    expect(`${replayed.size} events`).toBe(stdout.split(' sent')[0]);
  });
  expect(replayed.get(confirmed.orderId)).toBe(OrderConfirmed.type);
  expect(replayed.get(rejected.orderId)).toBe(OrderRejected.type);
  await deleteQueue(url);
}, 60_000);

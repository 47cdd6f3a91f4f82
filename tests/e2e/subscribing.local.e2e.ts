import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { eventually } from '@orderly/support/eventually';
import { placeOrder, stockedProduct } from './api.ts';
import { programEnvironment } from './platform.ts';
import { queues } from './queues.ts';

/** The programs that docs/subscribing.md shows, run as it says. */

const snippet = (file: string) => ['--import', 'tsx', resolve(__dirname, '../../docs/snippets', file)];
let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

it('the first subscriber prints the confirmation of an order that is placed after it', async () => {
  let output = '';
  child = spawn(process.execPath, snippet('first-event.ts'), {
    env: { ...process.env, ...programEnvironment() },
  });
  child.stdout?.on('data', (data) => {
    output += data;
  });
  await eventually(() => expect(output).toContain('Subscribed'));
  const sku = await stockedProduct(50);

  // The publisher looks for new queues every second; an order from before that is not published to it.
  const placed: string[] = [];
  await eventually(async () => {
    placed.push((await placeOrder({ lines: [[sku, 1]] })).orderId);
    const confirmed = new RegExp(`Order (${placed.join('|')}) is confirmed: 250 EUR, version 2`);
    await eventually(() => expect(output).toMatch(confirmed), 3_000);
  });
  child.kill();
  for (const name of ['order-events--my-team.fifo', 'dlq--order-events--my-team.fifo']) {
    await queues.delete(await queues.url(name));
  }
});

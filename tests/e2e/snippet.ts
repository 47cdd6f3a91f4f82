import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { eventually } from '@orderly/support/eventually';
import { placeOrder, stockedProduct } from './api.ts';

/** A program of docs/snippets that runs. */
export interface Snippet {
  /** What it has printed and reported. */
  output(): string;
  kill(): void;
}

/** Runs a program that docs/subscribing.md shows, as it says. */
export function runSnippet(file: string, env: Readonly<Record<string, string>>): Snippet {
  const path = resolve(__dirname, '../../docs/snippets', file);
  const child = spawn(process.execPath, ['--import', 'tsx', path], { env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data;
    });
  }
  return { output: () => output, kill: () => void child.kill('SIGKILL') };
}

/** The folder of packages that this repository installs only for a cloud, where a program of another team has them. */
export const packagesOf = (cloud: string): string =>
  resolve(__dirname, '../../tools/clouds', cloud, 'node_modules');

/** Has a first subscriber print the confirmation of an order that is placed once it has subscribed. */
export async function expectConfirmation(snippet: Snippet): Promise<void> {
  await eventually(() => expect(snippet.output()).toContain('Subscribed'));
  const sku = await stockedProduct(50);
  // On AWS the publisher looks for new queues every second; an order from before that is not published to it.
  const placed: string[] = [];
  await eventually(async () => {
    placed.push((await placeOrder({ lines: [[sku, 1]] })).orderId);
    const confirmed = new RegExp(`Order (${placed.join('|')}) is confirmed: 250 EUR, version 2`);
    await eventually(() => expect(snippet.output()).toMatch(confirmed), 3_000);
  });
}

// One container of a function, in a process of its own: it calls the function as often as its parent asks, with one
// batch after the other, and reports how long that took. Its standard output leads nowhere. Before that it calls it
// once, and reports how many records were given back.
import { readFileSync } from 'node:fs';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import type { Handler } from './handlers/handler.ts';

const [, , file = '', exported = '', inputFile = ''] = process.argv;

const context = {
  awsRequestId: '4f9c2c1e-7a3d-4a3e-9a55-1d2f3c4b5a69',
  functionName: 'bench',
  getRemainingTimeInMillis: () => 10_000,
} as Context;

async function main(): Promise<void> {
  // Bundled: what is loaded here is not.
  const exports = require(file) as Readonly<Record<string, Handler<unknown>>>;
  const handler = exports[exported];
  if (handler === undefined) throw new TypeError(`${file} exports no ${exported}`);
  const inputs = JSON.parse(readFileSync(inputFile, 'utf8')) as readonly unknown[];
  const answer = await handler(inputs[0], context);
  const { batchItemFailures = [] } = (answer ?? {}) as Partial<SQSBatchResponse>;
  let next = 0;

  async function run(calls: number): Promise<number> {
    const from = performance.now();
    for (let call = 0; call < calls; call++) await handler?.(inputs[next++ % inputs.length], context);
    return performance.now() - from;
  }

  process.on('message', (calls: number) => {
    void run(calls).then((milliseconds) => process.send?.(milliseconds));
  });
  process.send?.(batchItemFailures.length);
}

void main();

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { bodiesOf, TestStage } from './stage.ts';

const bin = resolve(__dirname, '../bin/orderly.cjs');
const endpoint = process.env.AWS_ENDPOINT_URL_SQS ?? '';

/** Passes on every call to SQS but one, which never comes back; what is held is held for one second only. */
async function startCutOff(
  operation: string,
): Promise<{ server: Server; url: string; reached: Promise<'cut off'> }> {
  let reach = (): void => undefined;
  const reached = new Promise<'cut off'>((done) => {
    reach = () => done('cut off');
  });
  const server = createServer(async (request, response) => {
    const target = String(request.headers['x-amz-target']);
    if (target.endsWith(`.${operation}`)) return reach();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks)
      .toString()
      .replace(/"VisibilityTimeout":\d+/, '"VisibilityTimeout":1');
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'x-amz-target': target,
        'content-type': 'application/x-amz-json-1.0',
        // It names the region.
        authorization: request.headers.authorization ?? '',
      },
      body,
    });
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(await answer.text());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}`, reached };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

it.each([
  ['before anything is sent', 'SendMessageBatch', 0],
  ['when all is sent and nothing removed', 'DeleteMessageBatch', 2],
])(
  'a redrive that is killed %s loses nothing, and repeated it sends nothing twice',
  async (_when, call, sent) => {
    const stage = new TestStage();
    const queues = await stage.createSubscription('order-events--inventory.fifo');
    for (const group of ['a', 'b']) await stage.send(queues.inbox, group, { group });
    await stage.failAll(queues, 2);
    const cutOff = await startCutOff(call);
    const child = spawn(
      process.execPath,
      [bin, 'dlq', 'redrive', '--all', '--stage', stage.name, '--endpoint', cutOff.url],
      { stdio: 'ignore' },
    );
    try {
      expect(await Promise.race([cutOff.reached, once(child, 'exit')])).toBe('cut off');
      await kill(child);

      expect([await stage.messagesIn(queues.inbox), await stage.messagesIn(queues.dead)]).toEqual([sent, 2]);
      while ((await stage.messagesIn(queues.dead)) > 0) await stage.json('dlq', 'redrive', '--all');

      expect([...bodiesOf(await stage.drain(queues.inbox))].sort()).toEqual(['a', 'b']);
    } finally {
      child.kill('SIGKILL');
      cutOff.server.closeAllConnections();
      cutOff.server.close();
    }
  },
);

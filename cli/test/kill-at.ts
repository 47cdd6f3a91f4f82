import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';

const bin = resolve(__dirname, '../bin/orderly.cjs');

/**
 * Runs a command in a process of its own, and kills that at its first call of an operation, which never comes back.
 *
 * @param service whose operation it is
 * @throws Error when the command ends before
 */
export async function killAt(
  service: 'sqs' | 'dynamodb',
  operation: string,
  args: readonly string[],
): Promise<void> {
  const endpoint = process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ?? '';
  const cutOff = await startCutOff(operation, endpoint);
  const child = spawn(process.execPath, [bin, ...args], {
    stdio: 'ignore',
    env: { ...process.env, [`AWS_ENDPOINT_URL_${service.toUpperCase()}`]: cutOff.url },
  });
  try {
    const first = await Promise.race([cutOff.reached, once(child, 'exit')]);
    if (first !== 'cut off') throw new Error(`orderly ${args.join(' ')} never called ${operation}`);
    await kill(child);
  } finally {
    child.kill('SIGKILL');
    cutOff.server.closeAllConnections();
    cutOff.server.close();
  }
}

/** Passes on every call but one, which never comes back; what is held is held for one second only. */
async function startCutOff(
  operation: string,
  endpoint: string,
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

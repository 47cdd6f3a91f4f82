import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';

interface Call {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** An SQS that answers each operation with the next of its answers; the last one is given again and again. */
export async function standIn(answers: Readonly<Record<string, readonly object[]>>) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const before = calls.filter((call) => call.operation === operation).length;
    calls.push({ operation, input: JSON.parse(Buffer.concat(chunks).toString()) });
    const answer = answers[operation]?.[before] ?? answers[operation]?.at(-1) ?? {};
    response.writeHead('__type' in answer ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const sqs = new SQSClient({ endpoint, region: 'eu-central-1' });
  const stop = () => {
    sqs.destroy();
    server.closeAllConnections();
    server.close();
  };
  return { sqs, calls, source: `${endpoint}/1/dev-dlq--a.fifo`, stop };
}

import { createServer, type Socket } from 'node:net';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { isTransient } from '../src/retry.ts';

/** An answer that is damaged on its way, or that is not the service's own. */
const answers: Record<string, (socket: Socket) => void> = {
  'a connection that is reset': (socket) => socket.resetAndDestroy(),
  'a connection that is closed': (socket) => socket.end(),
  'half of the headers': (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'),
  'half of the body': (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"Queue'),
  'half of the body as if it were all': answer('200 OK', '{"Queue'),
  'something else than HTTP': (socket) => socket.end('SSH-2.0-OpenSSH\r\n'),
  'a page of a proxy': answer('200 OK', '<html></html>'),
  'a refusal of a proxy': answer('403 Forbidden', '<html></html>'),
  'a refusal without a code': answer('400 Bad Request', ''),
  'a connection that was idle for too long': answer('408 Request Timeout', ''),
  'a gateway that reaches nothing': answer('502 Bad Gateway', '<html></html>'),
};

function answer(status: string, body: string) {
  return (socket: Socket) =>
    socket.end(`HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
}

/** @returns the error of a call with this answer */
async function errorOf(respond: (socket: Socket) => void): Promise<unknown> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => respond(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const sqs = new SQSClient({ endpoint: `http://127.0.0.1:${port}`, maxAttempts: 1 });
  try {
    return await sqs.send(new GetQueueUrlCommand({ QueueName: 'any' })).then(
      () => undefined,
      (error: unknown) => error,
    );
  } finally {
    sqs.destroy();
    server.close();
  }
}

describe('an error is transient after', () => {
  it.each(Object.entries(answers))('%s', async (_, respond) => {
    const error = await errorOf(respond);

    expect({ error, transient: isTransient(error) }).toEqual({ error: expect.any(Error), transient: true });
  });
});

it('an error is permanent after a refusal of the service', async () => {
  const body = '{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"none"}';

  const error = await errorOf(answer('400 Bad Request', body));

  expect(error).toMatchObject({ name: 'QueueDoesNotExist' });
  expect(isTransient(error)).toBe(false);
});

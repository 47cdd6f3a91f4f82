import { inRequestContext } from '../src/observability/request-context.ts';
import { callService } from '../src/portable/call.ts';
import { localServer } from './local-server.ts';

const server = localServer();
const call = (more: object = {}) =>
  callService('Broker', `${server.url}/topic?key=secret`, {
    method: 'POST',
    headers: {},
    body: '[]',
    ...more,
  });
const never = () => new Promise<undefined>(() => undefined);

it('a call gives the JSON of the answer, or nothing where it is none', async () => {
  server.answer = () => ({ status: 201, body: { name: 'x' } });
  expect(await call({ headers: { 'x-name': 'value' } })).toEqual({ name: 'x' });
  server.answer = () => ({ body: '<Created/>' });

  expect(await call()).toBeUndefined();
  expect(server.requests[0]).toMatchObject({ method: 'POST', body: '[]', headers: { 'x-name': 'value' } });
});

it('a call that fails transiently is tried three times', async () => {
  server.answer = () => (server.requests.length < 3 ? { status: 503 } : { body: { name: 'x' } });
  expect(await call()).toEqual({ name: 'x' });
  server.answer = () => undefined;

  await expect(call()).rejects.toThrow('fetch failed');
  expect(server.requests).toHaveLength(6);
});

it('a call that is refused fails at once, and its error shows nothing of the request', async () => {
  server.answer = () => ({ status: 403, body: 'no' });

  await expect(call()).rejects.toMatchObject({ status: 403, message: 'Broker answers 403 for /topic' });
  expect(server.requests).toHaveLength(1);
});

it('a call ends at its signal, and is not tried again', async () => {
  server.answer = never;

  await expect(call({ signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(server.requests).toHaveLength(1);
});

it('a call ends at the deadline of its request', async () => {
  server.answer = never;
  const context = { correlationId: '1', causationId: '1', deadline: AbortSignal.timeout(50) };

  await expect(inRequestContext(context, () => call())).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(server.requests).toHaveLength(1);
});

it('an attempt that is not answered is given up', async () => {
  server.answer = () => (server.requests.length === 1 ? never() : { body: { name: 'x' } });

  expect(await call()).toEqual({ name: 'x' });
});

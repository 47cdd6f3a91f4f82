import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { type ReceivedEvent, receive } from '../src/receive.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const handled: ReceivedEvent[] = [];
const server = createServer(receive(secret, (event) => void handled.push(event))).listen(0, '127.0.0.1');
await once(server, 'listening');
after(() => server.close());

const event = { id: 'an-event', type: 'orderly.order.placed.v1', subject: 'an-order', sequence: 1 };

async function post(body: string, signedBody = body): Promise<number> {
  const at = new Date();
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    body,
    headers: {
      'webhook-id': event.id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(event.id, at, signedBody),
    },
  });
  return answer.status;
}

test('an event is handled once, however often it comes', async () => {
  assert.equal(await post(JSON.stringify(event)), 204);
  assert.equal(await post(JSON.stringify(event)), 204);

  assert.deepEqual(handled, [event]);
});

test('a request that was not signed with the secret changes nothing', async () => {
  const forged = JSON.stringify({ ...event, id: 'another' });

  assert.equal(await post(forged, JSON.stringify(event)), 400);

  assert.deepEqual(handled, [event]);
});

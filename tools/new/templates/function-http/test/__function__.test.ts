import { call } from '../../../tests/platform/invoke.ts';
import { handler } from '../src/functions/__function__.ts';

const route = '__route__';

it('__route__ answers when it has handled the request', async () => {
  const before = new Date().toISOString();

  const { status, body } = await call(handler, { route, path: __pathExample__ });

  expect(status).toBe(200);
  expect(body).toEqual({ handledAt: expect.any(String) });
  expect(String(body.handledAt) >= before).toBe(true);
});

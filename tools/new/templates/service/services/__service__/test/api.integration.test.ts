import { call } from '../../../tests/platform/invoke.ts';
import { outboxOf, withResourcesOf } from '../../../tests/platform/resources.ts';
import { close } from '../src/domain/__thing__.ts';
import { change__Thing__ } from '../src/adapters/__thing__-table.ts';
import { handler as get__Thing__ } from '../src/functions/get-__thing__.ts';
import { handler as open__Thing__ } from '../src/functions/open-__thing__.ts';
import { inContext, __thing__Id } from './builders.ts';

withResourcesOf('__service__');

const open = (body: unknown) => call(open__Thing__, { route: 'POST /__things__', body });
const get = (id: string) =>
  call(get__Thing__, { route: 'GET /__things__/{__thing__Id}', path: { __thing__Id: id } });
const problem = (status: number, code: string) => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: { type: `urn:orderly:problem:${code}`, status },
});

describe('POST /__things__', () => {
  it('opens __aThing__: 201, with its location and its event', async () => {
    const id = __thing__Id();

    const answer = await open({ __thing__Id: id });

    expect(answer).toMatchObject({ status: 201, headers: { location: `/__things__/${id}` } });
    expect(answer.body).toEqual({ __thing__Id: id, status: 'OPEN', version: 1, openedAt: expect.any(String) });
    expect(await get(id)).toMatchObject({ status: 200, body: answer.body });
    expect(await outboxOf('test-__service__', { pk: `__THING__#${id}` })).toMatchObject([
      { type: 'orderly.__thing__.opened.v1', subject: id, sequence: 1, data: { __thing__Id: id } },
    ]);
  });

  it('answers a repeat as the first time, also after the __thing__ was closed', async () => {
    const id = __thing__Id();
    const first = await open({ __thing__Id: id });
    await inContext(() => change__Thing__(id, (__thing__) => close(__thing__, new Date())));

    const again = await open({ __thing__Id: id });

    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(await get(id)).toMatchObject({ status: 200, body: { status: 'CLOSED', version: 2 } });
  });

  it('by many at once opens it once', async () => {
    const id = __thing__Id();

    const answers = await Promise.all(Array.from({ length: 5 }, () => open({ __thing__Id: id })));

    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await get(id)).toMatchObject({ body: { version: 1 } });
  });

  it('is 400 for an id that is none', async () => {
    expect(await open({ __thing__Id: 'a/b' })).toMatchObject({
      ...problem(400, 'invalid-request'),
      body: { errors: [{ path: '/body/__thing__Id' }] },
    });
  });
});

it('GET /__things__/{__thing__Id} is 404 for __aThing__ that does not exist', async () => {
  expect(await get(__thing__Id())).toMatchObject(problem(404, '__thing__-not-found'));
});

import {
  __Event__,
} from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { deliver } from '../../../tests/platform/invoke.ts';
import { outboxOf, withResourcesOf } from '../../../tests/platform/resources.ts';
import { find__Thing__, insert__Thing__ } from '../src/adapters/__thing__-table.ts';
import { open } from '../src/domain/__thing__.ts';
import { handler } from '../src/functions/consume-__topic__.ts';
import { inContext, noon, __thing__Id } from './builders.ts';

withResourcesOf('__service__');

const closing = [
  (subject: string) => sampleEvent(__Event__, { subject }),
];

it.each(closing.map((event) => [event('any').type, event] as const))('%s closes the __thing__', async (_type, event) => {
  const id = __thing__Id();
  await inContext(() => insert__Thing__(open(id, noon)));
  const sent = event(id);

  const failed = [await deliver(handler, sent), await deliver(handler, sent)];

  expect(failed).toEqual([[], []]);
  expect(await find__Thing__(id)).toMatchObject({ status: 'CLOSED', version: 2 });
  expect(await outboxOf('test-__service__', { pk: `__THING__#${id}` })).toMatchObject([
    { type: 'orderly.__thing__.closed.v1', subject: id, sequence: 2, causationid: sent.id },
  ]);
});

it('events about what has no __thing__ are handled and change nothing', async () => {
  const id = __thing__Id();

  expect(await deliver(handler, ...closing.map((event) => event(id)))).toEqual([]);
  expect(await find__Thing__(id)).toBeUndefined();
});

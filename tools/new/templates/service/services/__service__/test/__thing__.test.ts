import { __Thing__Closed, __Thing__Opened, parse } from '@orderly/contracts';
import { seal } from '../../../tests/platform/invoke.ts';
import { asOpened, close, open } from '../src/domain/__thing__.ts';
import { noon, oneOClock, __thing__Id } from './builders.ts';

const id = __thing__Id();
const [openedAt, closedAt] = [noon.toISOString(), oneOClock.toISOString()];
const opened = open(id, noon);

it('a new __thing__ is OPEN, in version 1, and is published', () => {
  expect(opened).toEqual({
    outcome: 'changed',
    __thing__: { __thing__Id: id, status: 'OPEN', version: 1, openedAt },
    events: [__Thing__Opened.of({ __thing__Id: id, openedAt })],
  });
});

it('closing an OPEN __thing__ makes it CLOSED, in a new version, and publishes that', () => {
  expect(close(opened.__thing__, oneOClock)).toEqual({
    outcome: 'changed',
    __thing__: { __thing__Id: id, status: 'CLOSED', version: 2, openedAt, closedAt },
    events: [__Thing__Closed.of({ __thing__Id: id, openedAt, closedAt })],
  });
});

it('closing a CLOSED __thing__ changes and publishes nothing', () => {
  const { __thing__ } = close(opened.__thing__, noon);

  expect(close(__thing__, oneOClock)).toEqual({ outcome: 'unchanged', __thing__ });
});

it('a CLOSED __thing__ is known as it was opened', () => {
  expect(asOpened(close(opened.__thing__, oneOClock).__thing__)).toEqual(opened.__thing__);
});

it.each([
  [__Thing__Opened, __Thing__Opened.of({ __thing__Id: id, openedAt })],
  [__Thing__Closed, __Thing__Closed.of({ __thing__Id: id, openedAt, closedAt })],
])('$type obeys its schema', ({ schema }, event) => {
  expect(parse<unknown>(schema, seal(event, { subject: id }))).toMatchObject({ outcome: 'valid' });
});

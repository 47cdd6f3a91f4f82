import fc from 'fast-check';
import { sendInOrder } from '../src/portable/send-in-order.ts';
import { ServiceError } from '../src/portable/service-error.ts';

const event = (id: string, body = '') => ({ id, type: 'type', subject: 'A', body });
const ids = (events: readonly { readonly id: string }[]) => events.map(({ id }) => id);

/** A broker of batches of up to ten bytes, which refuses those that have one of these events. */
function brokerRefusing(status: number, ...refused: readonly string[]) {
  const batches: string[][] = [];
  let calls = 0;
  return {
    batches,
    calls: () => calls,
    maxBytes: 10,
    bytesOf: ({ body }: { readonly body: string }) => body.length,
    async send(events: readonly { readonly id: string }[]) {
      calls++;
      if (events.some(({ id }) => refused.includes(id))) throw new ServiceError('refused', status);
      batches.push(ids(events));
    },
  };
}

it('events are sent in their order, in batches as large as they may be', async () => {
  const broker = brokerRefusing(400);

  await sendInOrder(
    [event('1', 'four'), event('2', 'sixsix'), event('3', 'x'), event('4', 'x'.repeat(50))],
    broker,
  );
  await sendInOrder([], broker);

  expect(broker.batches).toEqual([['1', '2'], ['3'], ['4']]);
});

it.each([400, 413])(
  'an event that is refused for good with %d is named, once all before it are sent, and none behind it',
  async (status) => {
    const events = Array.from({ length: 100 }, (_, at) => event(String(at)));
    for (const at of [0, 1, 63, 99]) {
      const broker = brokerRefusing(status, String(at));

      await expect(sendInOrder(events, broker)).rejects.toMatchObject({
        ...{ name: 'RefusedEventError', eventId: String(at) },
        cause: { status },
      });
      expect(broker.batches.flat()).toEqual(ids(events.slice(0, at)));
      expect(broker.calls()).toBeLessThan(16);
    }
  },
);

it('a batch that is too large only as a whole is divided', async () => {
  const broker = brokerRefusing(413);
  const { send } = broker;
  const sendAtMostTwo = async (events: readonly { readonly id: string }[]) => {
    if (events.length > 2) throw new ServiceError('too large', 413);
    await send(events);
  };

  await sendInOrder(
    ['1', '2', '3', '4', '5'].map((id) => event(id)),
    { ...broker, send: sendAtMostTwo },
  );

  expect(broker.batches).toEqual([['1', '2'], ['3'], ['4', '5']]);
});

it.each([401, 403, 404, 410, 429, 500, 503])(
  'an answer %d says nothing of the events: they stay, and nothing more is sent',
  async (status) => {
    const broker = brokerRefusing(status, '2');
    const events = ['1', '2', '3'].map((id) => event(id, 'x'.repeat(10)));

    await expect(sendInOrder(events, broker)).rejects.toMatchObject({ name: 'ServiceError', status });
    expect(broker.batches).toEqual([['1']]);
  },
);

it('whatever is refused, what was sent is all that lies before it', async () => {
  const sizes = fc.array(fc.nat(15), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(60), async (all, refused) => {
      const broker = brokerRefusing(413, String(refused));
      const events = all.map((size, at) => event(String(at), 'x'.repeat(size)));
      await sendInOrder(events, broker).catch(() => undefined);

      expect(broker.batches.flat()).toEqual(ids(events.slice(0, refused)));
    }),
  );
});
